import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { importLibrary } from '../library/import-folder.ts';
import { openPhotoSource } from '../library/photo-source.ts';
import { writeIndex } from './prepare.ts';

/** Says which photos the shards beside it were made of; written last. */
const MADE_OF = 'made-of.json';

/**
 * Offers an own folder or zip of photos as the sample library in `<data>/sample`. Photos that were taken in before are
 * not taken in again; a killed start goes on where it was.
 * @throws LibraryError or ArchiveRefused where the photos can't be used
 */
export async function prepareOwnPhotos(job: {
  readonly source: string;
  readonly data: string;
  readonly log: (line: string) => void;
}): Promise<void> {
  const sample = join(job.data, 'sample');
  const madeOf = await fingerprint(job.source);
  if ((await readFile(join(sample, MADE_OF), 'utf8').catch(() => '')) === madeOf) return;
  job.log(`Taking in the photos of ${job.source} …`);
  const { photos, subClasses, skipped, shards } = await importLibrary({ source: job.source, out: sample });
  for (const { file, message } of skipped) job.log(`! left out: ${file}: ${message}`);
  job.log(`${photos} photos of ${subClasses.length} names are ready.`);
  await writeIndex(sample, shards);
  await writeAtomic(join(sample, MADE_OF), madeOf);
}

async function fingerprint(path: string): Promise<string> {
  const source = await openPhotoSource(path);
  try {
    const files = source.files.map((file) => [file.path, file.bytes]);
    return sha256(new TextEncoder().encode(JSON.stringify(files)));
  } finally {
    await source.close();
  }
}
