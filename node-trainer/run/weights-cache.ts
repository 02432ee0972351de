import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

import { WeightsError } from '#shared/model/weights-error.ts';
import type { PublicWeights } from '#shared/model/weights-table.ts';
import { MAX_WEIGHTS_BYTES } from '#shared/model/weights.ts';

import { writeAtomic } from '../io/atomic.ts';
import { download } from '../io/download.ts';
import { sha256 } from '../io/hash.ts';

/** Where downloads are kept: `MENAGERIE_CACHE`, or `.cache/menagerie` in the home folder. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment.MENAGERIE_CACHE || join(homedir(), '.cache', 'menagerie');
}

/** Path in the cache of a well-known file. */
export function cachedPath(weights: PublicWeights, cache: string): string {
  const url = new URL(weights.url);
  // timm calls every file model.safetensors; the folder before `resolve` tells them apart.
  const [model, file] = [/\/([^/]+)\/resolve\//.exec(url.pathname)?.[1], basename(url.pathname)];
  return join(cache, 'weights', model === undefined ? file : `${model}.safetensors`);
}

/**
 * A well-known file, from the cache or else from its address; whichever it is, it is checked by its length and
 * checksum as far as they are known.
 * @param say hears what is downloaded
 * @throws WeightsError naming the address, and what helps without a network
 */
export async function fetchPublicWeights(
  weights: PublicWeights,
  cache: string,
  say: (line: string) => void,
): Promise<Uint8Array> {
  const path = cachedPath(weights, cache);
  const kept = await readFile(path).catch(() => null);
  if (kept) {
    const wrong = whatIsWrong(weights, kept);
    if (wrong === null) return kept;
    say(`weights: the file in the cache ${wrong}; it is downloaded again`);
  }
  const size = weights.bytes === null ? '' : ` (${(weights.bytes / 1e6).toFixed(1)} MB)`;
  say(`weights: downloading ${weights.url}${size}`);
  const bytes = await downloadOrHelp(weights, path);
  const wrong = whatIsWrong(weights, bytes);
  if (wrong !== null) throw new WeightsError(weights.url, `${wrong}; nothing was kept. Try again later`);
  await writeAtomic(path, bytes);
  const unchecked = weights.sha256 === null && weights.md5 === null;
  say(
    `weights: kept as ${path}${unchecked ? `; its publisher gives no checksum, its SHA-256 is ${sha256(bytes)}` : ''}`,
  );
  return bytes;
}

async function downloadOrHelp(weights: PublicWeights, path: string): Promise<Uint8Array> {
  const limit = weights.bytes ?? MAX_WEIGHTS_BYTES;
  const help = `Without a network: fetch ${weights.url} elsewhere and save it as ${path}, or give any file with --weights <file>`;
  let found: Uint8Array | null;
  try {
    found = await download(weights.url, { limit });
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new WeightsError(error.culprit, `${error.detail}. ${help}`);
  }
  if (!found) throw new WeightsError(weights.url, `is no longer there. ${help}`);
  return found;
}

function whatIsWrong(weights: PublicWeights, bytes: Uint8Array): string | null {
  if (weights.bytes !== null && bytes.length !== weights.bytes)
    return `has ${bytes.length} bytes instead of ${weights.bytes}`;
  for (const algorithm of ['sha256', 'md5'] as const) {
    const expected = weights[algorithm];
    if (expected === null) continue;
    const found = createHash(algorithm).update(bytes).digest('hex');
    if (found !== expected) return `has the ${algorithm} ${found} instead of ${expected}`;
  }
  return null;
}
