import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { importLibrary } from '../library/import-folder.ts';
import type { Library } from '../library/library.ts';
import { openLibrary } from '../library/open-library.ts';
import { writeExport } from '../library/write-export.ts';
import { ANIMALS, OUT_OF_SCOPE, UNKNOWN, type Animal } from './animals.ts';
import { loadArtwork } from './artwork.ts';
import { renderPhotos } from './photos.ts';

const NAME = 'Sample zoo';
const PHOTOS_EACH = 48;
const FEW = 6;
const SEED = 2026;

/**
 * Draws the sample zoo and writes it as an export into `out`: labelled animals, two camels merged by a rule, a few
 * birds under an unknown label, and a benchmark of things that are no animals of this zoo. All of synthetic origin.
 * @returns names of the shards
 */
export async function drawSampleLibrary(
  out: string,
  log: (line: string) => void,
  photosEach: number = PHOTOS_EACH,
): Promise<string[]> {
  const work = await mkdtemp(join(tmpdir(), 'menagerie-sample-'));
  try {
    await drawFolders(join(work, 'photos'), photosEach, log);
    await importLibrary({
      source: join(work, 'photos'),
      out: join(work, 'export'),
      options: { name: NAME, origin: 'synthetic' },
    });
    const library = await openLibrary(join(work, 'export'));
    try {
      return await writeArranged(library, out);
    } finally {
      await library.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function drawFolders(folder: string, photosEach: number, log: (line: string) => void): Promise<void> {
  const artwork = await loadArtwork();
  const all = [
    ...ANIMALS.map((a) => [a, photosEach] as const),
    ...[...OUT_OF_SCOPE, ...UNKNOWN].map((a) => [a, FEW] as const),
  ];
  for (const [animal, count] of all) {
    log(`Drawing ${animal.name} …`);
    await renderPhotos(artwork, animal, folder, { count, seed: SEED });
  }
}

async function writeArranged(library: Library, out: string): Promise<string[]> {
  const loaded = await Promise.all(library.items.map((item) => item.load()));
  const pranks = loaded.filter(({ photo }) => isOneOf(OUT_OF_SCOPE, photo));
  const photos = loaded.map(({ photo, png }) => ({
    photo: arrange(photo),
    bytes: png.length,
    png: () => Promise.resolve(png),
  }));
  return writeExport(
    out,
    arrangeFile(
      library.file,
      pranks.map((p) => p.photo),
    ),
    photos,
  );
}

/** The birds get an unknown label, the things that are no animals none. */
function arrange(photo: Photo): Photo {
  const arranged: Photo = { ...photo, source: 'sample' };
  if (isOneOf(OUT_OF_SCOPE, photo)) return { ...arranged, label: null };
  if (!photo.label || !isOneOf(UNKNOWN, photo)) return arranged;
  return { ...arranged, label: { ...photo.label, kind: 'unknown', id: labelKey('Unknown bird') } };
}

function arrangeFile(file: Library['file'], pranks: readonly Photo[]): Omit<LibraryFile, 'shard' | 'photos'> {
  const kept = new Set<string>(ANIMALS.map((a) => labelKey(a.name)));
  const benchmark: Benchmark = {
    v: 1,
    id: labelKey('Not in this zoo'),
    name: 'Not in this zoo',
    kind: 'out-of-scope',
    frozenAt: file.exportedAt,
    items: pranks.map((photo) => ({ photo: photo.id, truth: null })),
  };
  return {
    ...file,
    subClasses: file.subClasses.filter((s) => kept.has(s.id)),
    unknownLabels: [
      { v: 1, id: labelKey('Unknown bird'), name: 'Unknown bird', createdAt: file.exportedAt, createdBy: '' },
    ],
    mergeRules: [
      {
        v: 1,
        id: labelKey('Camel'),
        name: 'Camel',
        subClasses: [labelKey('Bactrian camel'), labelKey('Dromedary')],
        note: 'Count the humps: two make a Bactrian camel, one a dromedary.',
      },
    ],
    benchmarks: [benchmark],
  };
}

function isOneOf(animals: readonly Animal[], photo: Photo): boolean {
  return animals.some((a) => photo.label?.id === labelKey(a.name));
}
