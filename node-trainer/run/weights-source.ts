import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { WeightsError } from '#shared/model/weights-error.ts';
import { findPublicWeights, WEIGHT_SETS, type WeightSet } from '#shared/model/weights-table.ts';
import { MAX_WEIGHTS_BYTES, type WeightsSource } from '#shared/model/weights.ts';
import { isZooName, ZOO } from '#shared/model/zoo/table.ts';
import { versionFolder } from '#shared/schema/names.ts';

import { download } from '../io/download.ts';
import { readCatalog, versionPath } from '../store/catalog.ts';
import { verifyVersion } from '../store/verify.ts';
import { cacheFolder, fetchPublicWeights } from './weights-cache.ts';
import { type Place, type ReadWeights, readWeightsFile } from './weights-files.ts';

/** Pretrained weights, read whole. */
export interface Pretrained {
  /** For the model card: file or folder without its place, address or version. */
  readonly name: string;
  /** SHA-256 over all its files. */
  readonly fingerprint: string;
  readonly source: WeightsSource;
}

/** What else decides which weights are meant. */
export interface WeightsWanted {
  /** Model store in which versions are looked up; null for none. */
  readonly models: string | null;
  /** Which of the well-known files `imagenet` means. */
  readonly architecture: string;
  readonly width: number;
  /** Edge of the input that the network will have; undefined for the architecture's own. */
  readonly size?: number | undefined;
  /** Hears of downloads. */
  readonly say?: (line: string) => void;
}

/**
 * Reads pretrained weights.
 * @param where `none` or `random` for no weights; `imagenet` or `noisy-student` for the well-known file of the wanted
 *   architecture; a number for a version of the model store, `latest` for the
 *   one in production; an address; a file; a folder
 * @returns null for none
 * @throws WeightsError naming the file or address; VersionDamaged for a version that is not whole
 */
export async function openWeights(where: string, wanted: WeightsWanted): Promise<Pretrained | null> {
  if (where === 'none' || where === 'random') return null;
  if (isWeightSet(where)) return openPublic(where, wanted);
  if (where === 'latest' || /^\d+$/.test(where)) return openVersion(where, wanted.models);
  if (/^https?:\/\//.test(where)) return { name: where, ...(await openAddress(where)) };
  return { name: nameOf(where), ...(await openPath(where)) };
}

/** The card is read by every guest's phone: where the engineer keeps files is not their business. */
function nameOf(path: string): string {
  const name = basename(path);
  return name === 'model.json' ? join(basename(dirname(path)), name) : name;
}

function isWeightSet(where: string): where is WeightSet {
  return (WEIGHT_SETS as readonly string[]).includes(where);
}

async function openPublic(set: WeightSet, wanted: WeightsWanted): Promise<Pretrained> {
  const { architecture, width, size, say = () => undefined } = wanted;
  if (!isZooName(architecture)) {
    const known = Object.keys(ZOO).join(', ');
    throw new WeightsError(set, `there is no network "${architecture}". There are: ${known}`);
  }
  const found = findPublicWeights(set, { architecture, width, size });
  if (!found) {
    const { title, widths } = ZOO[architecture];
    throw new WeightsError(
      set,
      `no such weights are known for ${title} of width ${width}; ImageNet's exist for width ${widths.join(', ')}`,
    );
  }
  const bytes = await fetchPublicWeights(found, cacheFolder(), say);
  const place = { where: found.url, beside: () => Promise.resolve(null) };
  return { name: `${set}: ${found.url}`, ...(await readWeightsFile(bytes, place)) };
}

/** The training form of a published version, after every file of it was checked. */
async function openVersion(where: string, models: string | null): Promise<Pretrained> {
  if (models === null) {
    throw new WeightsError(where, 'a version is looked up in the model store; say which one with --models');
  }
  const { current, versions } = await readCatalog(models);
  const version = where === 'latest' ? current : Number(where);
  const listed = versions.find((v) => v.version === version);
  if (version === null || !listed) {
    const known = versions.map((v) => versionFolder(v.version)).join(', ');
    throw new WeightsError(
      where,
      `no published version of ${models}; ${known ? `there are ${known}` : 'it is empty'}`,
    );
  }
  const folder = versionPath(models, version);
  await verifyVersion(folder, listed.card.sha256);
  return { name: `version ${versionFolder(version)}`, ...(await openPath(join(folder, 'training'))) };
}

async function openPath(where: string): Promise<ReadWeights> {
  const info = await stat(where).catch(() => null);
  if (!info) throw new WeightsError(where, 'there are no weights here: no such file or folder');
  const [folder, file] = info.isDirectory()
    ? [where, await fileIn(where)]
    : [dirname(where), basename(where)];
  const path = join(folder, file);
  const beside = (name: string): Promise<Uint8Array | null> => readLimited(join(folder, name));
  const bytes = await readLimited(path);
  if (!bytes) throw new WeightsError(path, 'not readable');
  return readWeightsFile(bytes, { where: path, beside });
}

/** What a folder with weights is known by. */
const IN_FOLDER = ['model.json', 'model.safetensors', 'model.weights.h5'];

async function fileIn(folder: string): Promise<string> {
  for (const name of IN_FOLDER) {
    const info = await stat(join(folder, name)).catch(() => null);
    if (info?.isFile()) return name;
  }
  throw new WeightsError(folder, `has none of ${IN_FOLDER.join(', ')}`);
}

/** @returns null where there is no such file */
async function readLimited(path: string): Promise<Uint8Array | null> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return null;
  if (info.size > MAX_WEIGHTS_BYTES) throw new WeightsError(path, 'larger than 1 GiB');
  return readFile(path);
}

async function openAddress(where: string): Promise<ReadWeights> {
  const limit = MAX_WEIGHTS_BYTES;
  const beside: Place['beside'] = (path) => {
    const url = new URL(path, where);
    // Keeps a query such as `?tfjs-format=file`, which some hosts need for every file.
    url.search = new URL(where).search;
    return download(url.href, { limit });
  };
  const bytes = await download(where, { limit });
  if (!bytes) throw new WeightsError(where, 'the server has no such file (404)');
  return readWeightsFile(bytes, { where, beside });
}
