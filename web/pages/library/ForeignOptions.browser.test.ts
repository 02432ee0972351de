import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import '../../styles/app.css';
import { FakeLibrary, photoNamed } from '../testing/fakes.svelte.ts';
import ExportDialog from './ExportDialog.svelte';
import ImportStrip from './ImportStrip.svelte';

beforeEach(async () => {
  await page.viewport(360, 740);
});

test('another format says what it leaves behind, and counts what goes along (issue: losses stated)', async () => {
  const photos = [
    photoNamed(1, 'Lion'),
    photoNamed(2, 'Unknown Bird', 'unknown'),
    { ...photoNamed(3, 'Lion'), excluded: true },
    photoNamed(4, null),
  ];
  const library = new FakeLibrary(photos, ['Lion']);
  const screen = await render(ExportDialog, { library, onclose: () => undefined });
  await expect.element(screen.getByText('Nothing is lost')).toBeVisible();

  await screen.getByLabelText('Format').selectOptions('YOLO classification');
  await expect.element(screen.getByText('who gave a label and when')).toBeVisible();
  await expect.element(screen.getByText('photos without a label')).toBeVisible();
  await expect.element(screen.getByText('1 photo will be in it.')).toBeVisible();
  await screen.getByRole('checkbox', { name: 'Excluded photos, too (1)' }).click();
  await screen.getByRole('checkbox', { name: 'Photos with an unknown label, too (1)' }).click();
  await expect.element(screen.getByText('3 photos will be in it.')).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);

  await screen.getByLabelText('Name of the export').fill('zoo');
  await screen.getByRole('button', { name: 'Start' }).click();
  const wish = { format: 'yolo', excluded: true, unknown: true, parts: false };
  expect(library.acts).toEqual([['export', 'zoo', wish]]);
  library.exportJob = { kind: 'finished', done: 3, total: 3, known: 0, problems: [] };
  await expect.element(screen.getByText('zoo-yolo.zip is in the folder')).toBeVisible();
});

test('an import says which list it recognised, how many labels it gave, and what was left open', async () => {
  const problems = Array.from({ length: 201 }, (_, i) => ({
    file: `${String(i)}.jpg`,
    reason: '<b>why</b>',
  }));
  const list = { format: 'coco', file: 'a/instances.json', labels: 24, problems } as const;
  const screen = await render(ImportStrip, {
    job: { kind: 'finished', done: 24, total: 24, known: 0, problems: [], lists: [list] },
    library: new FakeLibrary(),
    oncancel: () => undefined,
  });
  await expect.element(screen.getByText('a/instances.json: COCO, 24 photos labelled by it')).toBeVisible();
  await screen.getByText('201 things were left open').click();
  expect(screen.getByRole('listitem').all()).toHaveLength(200);
  await expect.element(screen.getByText('The first 200 are shown.')).toBeVisible();
});
