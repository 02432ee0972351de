import { join } from 'node:path';

import type { CompiledFile } from '#shared/model/compiled-format.ts';
import { labelKey } from '#shared/schema/names.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { publication } from '../store/testing/fixture.ts';

const NAMES = ['Red Panda', 'Green Parrot', 'Blue Jay'];

/** The smallest network there is: the mean colour of a picture, times three. It knows red, green and blue, and no more. */
const coloursOf = (classes: number): CompiledFile => ({
  v: 2,
  preprocessing: { size: 32, range: [0, 1], resize: 'letterbox' },
  classes,
  features: 1,
  bytes: 16 * classes,
  tensors: [
    { name: 'kernel', shape: [3, classes], dtype: 'float32', offset: 0 },
    { name: 'bias', shape: [classes], dtype: 'float32', offset: 12 * classes },
  ],
  ops: [
    { op: 'mean', input: 0 },
    { op: 'dense', input: 1, kernel: 0, bias: 1, activation: 'linear' },
  ],
});

/**
 * A published version's folder, made without training.
 * @param strength how sure it is of what it sees; another one is another model
 * @param names of its classes, at least three
 */
export async function tinyVersion(folder: string, strength = 12, names = NAMES): Promise<string> {
  const colours = coloursOf(names.length);
  const kernel = [0, 1, 2].flatMap((i) => names.map((_, j) => (i === j ? strength : 0)));
  const weights = new Uint8Array(Float32Array.from([...kernel, ...names.map(() => 0)]).buffer);
  const labels = names.map((name) => ({ id: labelKey(name), name, subClasses: [labelKey(name)], note: '' }));
  const contents: [string, Uint8Array][] = [
    ['model.json', encode(JSON.stringify(colours))],
    ['weights.bin', weights],
    ['labels.json', encode(JSON.stringify({ v: 1, labels }))],
  ];
  for (const [path, bytes] of contents) await writeAtomic(join(folder, path), bytes);
  const files = contents.map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }));
  const { preprocessing } = colours;
  const { card } = await publication(join(folder, '..', 'unused'), 'x', {
    files,
    preprocessing,
    threshold: 0.8,
  });
  const made = await card({ version: 7, publishedAt: '2026-05-01T10:00:00Z' });
  await writeAtomic(join(folder, 'card.json'), JSON.stringify(made));
  return folder;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
