import { open } from 'node:fs/promises';
import { endianness } from 'node:os';

import { npyHeader } from '#shared/archive/npy.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import type { Network } from '#shared/model/network.ts';

import { replaceFile } from '../io/atomic.ts';
import { scoreAll } from './network.ts';

/** Photos to be scored: all rows of a run, or one machine's share of them. */
export interface MatrixJob<T> {
  readonly network: Network;
  /** One a row, in the order of the rows. */
  readonly items: readonly T[];
  readonly load: (item: T) => Promise<Pixels>;
  /** The `.npy` file that is written; moved into place when it is whole. */
  readonly path: string;
  readonly onProgress: (done: number, total: number) => void;
}

/** What became of it. */
export interface MatrixWritten<T> {
  /** The items that have a row, in order. */
  readonly rows: readonly T[];
  /** Those that could not be read, with the reason; they have no row. */
  readonly unreadable: readonly { readonly item: T; readonly message: string }[];
  readonly seconds: number;
}

/** So many photos can't be read that the figures would not speak of the library any more. */
export class TooManyUnreadable extends Error {
  override readonly name = 'TooManyUnreadable';
  readonly mend = 'repeat "menagerie extract" with the library: it checks every photo and unpacks it anew';
}

/** One photo in twenty may be lost; more than that is a fault of the disk, not of a photo. */
const MOST_LOST = 0.05;

/**
 * Scores photos and streams the rows to a file (P5-20 … P5-22): memory doesn't grow with their number. A photo that
 * can't be read is named and passed over.
 * @throws TooManyUnreadable
 */
export async function writeMatrix<T>(job: MatrixJob<T>): Promise<MatrixWritten<T>> {
  const { network, items, path, onProgress } = job;
  const rows: T[] = [];
  const unreadable: { item: T; message: string }[] = [];
  const load = async (item: T): Promise<Pixels | null> => {
    try {
      return await job.load(item);
    } catch (error) {
      if (!isAboutThePhoto(error)) throw error;
      unreadable.push({ item, message: error instanceof Error ? error.message : String(error) });
      refuseTooMany(unreadable.length, items.length);
      return null;
    }
  };
  const start = performance.now();
  await replaceFile(path, async (aside) => {
    const file = await open(aside, 'wx');
    try {
      // The header has the same length whatever the number of rows, which is known only at the end.
      await file.writeFile(npyHeader(items.length, network.classes));
      for await (const { item, scores } of scoreAll(network, items, load)) {
        await file.writeFile(littleEndian(scores));
        rows.push(item);
        onProgress(rows.length + unreadable.length, items.length);
      }
      await file.write(npyHeader(rows.length, network.classes), 0, undefined, 0);
    } finally {
      await file.close();
    }
  });
  return { rows, unreadable, seconds: (performance.now() - start) / 1000 };
}

function refuseTooMany(lost: number, of: number): void {
  if (lost <= Math.max(1, of * MOST_LOST)) return;
  throw new TooManyUnreadable(
    `More than one photo in twenty can't be read (${lost} of ${of} so far): the figures would not speak of this library.`,
  );
}

/** Damaged or missing pictures are; a full memory or a programming error is not. */
function isAboutThePhoto(error: unknown): boolean {
  const { name, code = '' } = error as { name?: string; code?: string };
  return (
    name === 'ImageRefused' || name === 'PhotoError' || ['ENOENT', 'EACCES', 'EISDIR', 'EIO'].includes(code)
  );
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = Buffer.from(values.slice().buffer);
  return endianness() === 'BE' ? bytes.swap32() : bytes;
}
