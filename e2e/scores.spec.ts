import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PUBLISHED_SCORES } from '#shared/schema/scores.ts';
import { smallScores } from '../web/workers/testing/scores.ts';
import { expect, test } from './support/menagerie.ts';
import { publishScored } from './support/scored-version.ts';

/** Through the real server, worker and page: what an engineer does with the scores of a version (P3-20 … P3-23). */
test.describe('the full scores of a version', () => {
  test('come from the server in ranges, and every figure follows the slider', async ({ house, page }) => {
    await publishScored(house.models);
    const answers: number[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('scores.npy')) answers.push(response.status());
    });
    await page.goto(`${house.url}/model/1`);
    await page.getByRole('button', { name: /^Load all scores/ }).click();
    const sentence = page.getByText(/^Test.*: of 100 guests/);
    await expect(sentence).toContainText('0 happy, 50 sad, 50 asked to try again');
    expect(answers).toEqual([206]);
    const slider = page.getByRole('slider');
    await slider.focus();
    await slider.press('End');
    await expect(sentence).toContainText('0 happy, 0 sad, 100 asked to try again');
    await slider.press('Home');
    await expect(sentence).toContainText('0 happy, 50 sad, 50 asked to try again');
  });

  test('that were altered on the server are refused; those of the run folder will do', async ({
    house,
    page,
  }) => {
    await publishScored(house.models);
    const path = join(house.models, '001', PUBLISHED_SCORES.matrix);
    const bytes = await readFile(path);
    bytes[bytes.length - 4] = (bytes[bytes.length - 4] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await page.goto(`${house.url}/model/1`);
    await page.getByRole('button', { name: /^Load all scores/ }).click();
    await expect(page.getByRole('alert')).toContainText('The scores are damaged');

    const { matrix, index } = smallScores();
    await page.goto(`${house.url}/model/files`);
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([
        { name: 'index.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(index)) },
        { name: 'scores.npy', mimeType: 'application/octet-stream', buffer: Buffer.from(matrix) },
      ]);
    await expect(page.getByText(/^Test.*: of 100 guests/)).toContainText('0 happy, 50 sad');
  });
});
