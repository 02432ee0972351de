import { readFile } from 'node:fs/promises';

import { createRandom } from '#shared/dataset/random.ts';
import { augment } from '#shared/image/augment.ts';
import { networkInput } from '#shared/image/network-input.ts';
import type { Pixels } from '#shared/image/pixels.ts';

import { decodeImage } from '../io/images.ts';
import { PhotoError } from '../io/photo-error.ts';
import { type HeldPixels, type Order, STATE, type WorkerStart } from './messages.ts';

/** A batch, and the pixels that had to be decoded for it. */
export interface Made {
  readonly images: Float32Array<ArrayBuffer>;
  readonly decoded: readonly { readonly row: number; readonly held: HeldPixels }[];
}

/**
 * Reads, varies and scales the photos of one batch; null when it is told to stop.
 * @throws PhotoError naming a file that is missing, damaged or not square
 */
export async function makeBatch(start: WorkerStart, { epoch, photos, keep }: Order): Promise<Made | null> {
  const { items, preprocessing, augmentation, seed, state } = start;
  const pictures: Pixels[] = [];
  const decoded: { row: number; held: HeldPixels }[] = [];
  for (const { row, held } of photos) {
    if (Atomics.load(state, STATE.stop) === 1) return null;
    Atomics.store(state, STATE.row, row);
    const item = items[row];
    if (!item) throw new PhotoError('row', `there is no photo in row ${row}: the set has ${items.length}`);
    const image = held
      ? { width: held.edge, height: held.edge, data: new Uint8Array(held.data) }
      : await readSquare(item.path);
    if (!held && keep) decoded.push({ row, held: hold(image) });
    const { size } = preprocessing;
    const { flop, zoomOut = true } = item;
    pictures.push(
      augmentation
        ? augment(image, augmentation, createRandom(photoSeed(seed, epoch, row)), { size, flop, zoomOut })
        : image,
    );
  }
  Atomics.store(state, STATE.row, -1);
  return { images: networkInput(pictures, preprocessing), decoded };
}

/** Start of the random numbers of one photo in one epoch: neither order nor count of workers changes them. */
function photoSeed(seed: number, epoch: number, row: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  for (const part of [epoch, row]) {
    h = Math.imul(h ^ (h >>> 15) ^ part, 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  }
  return h ^ (h >>> 15);
}

async function readSquare(path: string): Promise<Pixels> {
  const image = await readFile(path)
    .then(decodeImage)
    .catch((error: unknown) => {
      throw photoErrorOf(path, error);
    });
  if (image.width === image.height) return image;
  throw new PhotoError(
    'size',
    `${path} has ${image.width} × ${image.height} pixels: it is no canonical image.`,
  );
}

function photoErrorOf(path: string, error: unknown): PhotoError {
  const { name, message, code, fault } = error as Error & { code?: string; fault?: string };
  if (name === 'ImageRefused') return new PhotoError(fault ?? 'corrupt', `${path}: ${message}`);
  if (code === 'ENOENT') return new PhotoError('missing', `${path} is not there any more.`);
  return new PhotoError(code ?? name, `${path} can't be read: ${message}`);
}

function hold({ width, data }: Pixels): HeldPixels {
  const shared = new SharedArrayBuffer(data.length);
  new Uint8Array(shared).set(data);
  return { edge: width, data: shared };
}
