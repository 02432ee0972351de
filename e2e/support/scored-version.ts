import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NOT_JUDGED } from '#shared/schema/gate.ts';
import type { ModelCard } from '#shared/schema/model.ts';
import { PUBLISHED_SCORES } from '#shared/schema/scores.ts';
import { sha256 } from '../../node-trainer/io/hash.ts';
import { publishVersion } from '../../node-trainer/store/publish.ts';
import { tinyVersion } from '../../node-trainer/testing/tiny-version.ts';
import { smallScores } from '../../web/workers/testing/scores.ts';

/** Publishes a version with the full scores of ten photos; its threshold is 80. */
export async function publishScored(models: string): Promise<void> {
  const files = await mkdtemp(join(tmpdir(), 'menagerie-e2e-scored-'));
  const { matrix, index } = smallScores();
  const contents: readonly (readonly [path: string, content: Uint8Array])[] = [
    [PUBLISHED_SCORES.matrix, matrix],
    [PUBLISHED_SCORES.index, new TextEncoder().encode(JSON.stringify(index))],
  ];
  await tinyVersion(files);
  await mkdir(join(files, 'report'));
  for (const [path, content] of contents) await writeFile(join(files, path), content);
  const reports = contents.map(([path, content]) => ({
    path,
    bytes: content.length,
    sha256: sha256(content),
  }));
  const card = JSON.parse(await readFile(join(files, 'card.json'), 'utf8')) as ModelCard;
  await publishVersion({
    store: models,
    files,
    card: (given) =>
      Promise.resolve({ ...card, ...given, files: [...card.files, ...reports] } as unknown as ModelCard),
    gate: () => Promise.resolve(NOT_JUDGED),
  });
  await rm(files, { recursive: true });
}
