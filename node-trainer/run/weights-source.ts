import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import * as v from 'valibot';

import { WeightsError } from '#shared/model/weights-error.ts';
import type { WeightsSource } from '#shared/model/weights.ts';
import { parseJson } from '#shared/schema/json.ts';
import { FilePath } from '#shared/schema/model.ts';

import { sha256 } from '../io/hash.ts';

/** Pretrained weights, read whole. */
export interface Pretrained {
  /** For the model card: file, folder or address. */
  readonly name: string;
  /** SHA-256 over all its files. */
  readonly fingerprint: string;
  readonly source: WeightsSource;
}

const PathsSchema = v.object({ weightsManifest: v.array(v.object({ paths: v.array(FilePath) })) });

/**
 * Reads a TensorFlow.js layers model from a file, its folder or an address.
 * @param where `none` or `random` for no pretrained weights
 * @returns null for none
 * @throws WeightsError naming the file or address
 */
export async function openWeights(where: string): Promise<Pretrained | null> {
  if (where === 'none' || where === 'random') return null;
  const { load, name } = /^https?:\/\//.test(where) ? atAddress(where) : await onDisk(where);
  const text = await load(name);
  const modelJson = parseJson(new TextDecoder().decode(text), where);
  const manifest = v.safeParse(PathsSchema, modelJson);
  if (!manifest.success)
    throw new WeightsError(where, 'not a TensorFlow.js layers model: it lists no weight files');
  const files = new Map<string, Uint8Array>();
  for (const path of manifest.output.weightsManifest.flatMap((group) => group.paths))
    files.set(path, await load(path));
  const hashes = [...files].map(([path, bytes]) => [path, sha256(bytes)]);
  const loadFile = (path: string): Promise<Uint8Array> => {
    const bytes = files.get(path);
    return bytes
      ? Promise.resolve(bytes)
      : Promise.reject(new WeightsError(where, `it lists no file ${path}`));
  };
  const fingerprint = sha256(new TextEncoder().encode(JSON.stringify([sha256(text), ...hashes])));
  return { name: where, fingerprint, source: { modelJson, loadFile } };
}

interface Place {
  readonly load: (path: string) => Promise<Uint8Array>;
  /** Of the file with the topology. */
  readonly name: string;
}

async function onDisk(where: string): Promise<Place> {
  const info = await stat(where).catch(() => null);
  if (!info) throw new WeightsError(where, 'there are no weights here: no such file or folder');
  const folder = info.isDirectory() ? where : dirname(where);
  const load = async (path: string): Promise<Uint8Array> => {
    try {
      return await readFile(join(folder, path));
    } catch {
      throw new WeightsError(join(folder, path), `missing or not readable; the weights at ${where} need it`);
    }
  };
  return { load, name: info.isDirectory() ? 'model.json' : basename(where) };
}

function atAddress(where: string): Place {
  const load = async (path: string): Promise<Uint8Array> => {
    const url = new URL(path, where);
    // Keeps a query such as `?tfjs-format=file`, which some hosts need for every file.
    url.search = new URL(where).search;
    const response = await fetch(url).catch((cause: unknown) => {
      throw new WeightsError(url.href, `can't be reached (${String(cause)})`);
    });
    if (!response.ok)
      throw new WeightsError(url.href, `the server answered ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return { load, name: basename(new URL(where).pathname) };
}
