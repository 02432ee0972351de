import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { blackPixels } from '#shared/image/pixels.ts';

import { encodePng } from '../../../io/images.ts';

/** Names that try to become markup, to turn the line around, or to burst the page. */
export const HOSTILE = {
  markup: '<img src=x onerror=alert(1)>',
  attribute: '" onmouseover="alert(1)" x="',
  rightToLeft: 'ببر \u202Eسيبيري',
  long: 'W'.repeat(300),
  script: '</style><script>alert(1)</script>',
};

const OLD_RUN = join(import.meta.dirname, '..', 'fixtures', 'old-run');

/**
 * A copy of the old run whose names come from an enemy: of the library, the classes and the photo files. Half of its
 * photos have pictures.
 */
export async function hostileRun(run: string): Promise<void> {
  await cp(OLD_RUN, run, { recursive: true });
  const { markup, attribute, rightToLeft, long, script } = HOSTILE;
  await edit(join(run, 'photos', 'library.json'), (library) => ({ ...library, name: script }));
  await edit(join(run, 'model', 'training.json'), (facts) => ({
    ...facts,
    labels: (facts.labels as object[]).map((label, i) => ({
      ...label,
      name: [markup, rightToLeft, long][i],
    })),
  }));
  const path = join(run, 'photos', 'photos.ndjson');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const names = [`${attribute}.jpg`, `${markup}.jpg`, `${rightToLeft}.jpg`, `${long}.jpg`];
  const photos = lines.map((line, i) => ({
    ...(JSON.parse(line) as { id: string }),
    fileName: names[i % names.length],
  }));
  await writeFile(path, photos.map((photo) => `${JSON.stringify(photo)}\n`).join(''));
  const png = await encodePng(blackPixels(64, 64));
  for (const { id } of photos.filter((_, i) => i % 2 === 0))
    await writeFile(join(run, 'photos', `${id}.png`), png);
}

async function edit(
  path: string,
  change: (value: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const value = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFile(path, JSON.stringify(change(value)));
}
