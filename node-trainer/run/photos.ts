import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Pixels } from '#shared/image/pixels.ts';
import { parseJson, parseNdjson } from '#shared/schema/json.ts';
import { type DataSet, dataSetRecord } from '#shared/schema/dataset.ts';
import { type LibraryFile, readLibrary } from '#shared/schema/library.ts';
import type { PhotoId } from '#shared/schema/names.ts';
import { type Photo, photoRecord } from '#shared/schema/photo.ts';

import { decodeImage } from '../io/images.ts';
import type { RunFolder } from './run-folder.ts';

/** Place of a canonical image in a run folder. */
export function pngPath(folder: RunFolder, id: PhotoId): string {
  return join(folder.photos, `${id}.png`);
}

/** Pixels of a canonical image in a run folder. */
export async function loadPixels(folder: RunFolder, id: PhotoId): Promise<Pixels> {
  return decodeImage(await readFile(pngPath(folder, id)));
}

/** The records of all photos of a run, in the order of their ids. */
export async function readPhotos(folder: RunFolder): Promise<Photo[]> {
  const where = folder.photosFile;
  const lines = parseNdjson(await readFile(where, 'utf8'), where);
  return lines.map((line, i) => photoRecord.read(line, `${where} line ${i + 1}`));
}

/** Everything a run's library says besides its photos. */
export async function readLibraryFile(folder: RunFolder): Promise<LibraryFile> {
  return readLibrary(
    parseJson(await readFile(folder.libraryFile, 'utf8'), folder.libraryFile),
    folder.libraryFile,
  );
}

export async function readDataSet(folder: RunFolder): Promise<DataSet> {
  return dataSetRecord.read(
    parseJson(await readFile(folder.dataSetFile, 'utf8'), folder.dataSetFile),
    folder.dataSetFile,
  );
}
