import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { again } from '../io/again.ts';
import { replaceFile } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { requireRoom } from '../io/room.ts';
import { isS3, splitFile } from '../io/s3-place.ts';
import { type FileStore, openStore, type StoredFile } from '../io/store.ts';
import { FileStoreError } from '../io/store-key.ts';
import { mapOrdered } from './ordered-map.ts';
import { LibraryError } from './problem.ts';

/** Files fetched at a time: shards come in parallel (P5-07), without a flood of connections. */
const TOGETHER = 4;

/** What lies at a place in a store: one file, or everything below a prefix. */
export interface Remote {
  readonly store: FileStore;
  /** The name behind the last slash, when the place is one file. */
  readonly single: string | null;
  readonly files: readonly StoredFile[];
  /** SHA-256 over names, sizes and tags: another one when anything changed. */
  readonly fingerprint: string;
}

/**
 * Lists a place. Where zips lie below it, only they are taken: shards of an export, not the list beside them.
 * @throws LibraryError where nothing is there; FileStoreError
 */
export async function listRemote(place: string): Promise<Remote> {
  const { root, name } = /\.zip$/i.test(place) ? splitFile(place) : { root: place, name: '' };
  const store = openStore(root);
  const found: StoredFile[] = [];
  for await (const file of store.list(name)) if (name === '' || file.key === name) found.push(file);
  const zips = found.filter(({ key }) => /^[^/]+\.zip$/i.test(key));
  const files = zips.length > 0 ? zips : found;
  if (files.length === 0) throw new LibraryError(`There is nothing at ${place}.`);
  const facts = JSON.stringify(files.map(({ key, bytes, tag }) => [key, bytes, tag]));
  return {
    store,
    single: name || null,
    files,
    fingerprint: sha256(new TextEncoder().encode(facts)),
  };
}

/**
 * Fetches files into a folder, each whole or not at all; what lies there with the right size is kept. There must be room
 * for all of them.
 * @returns the path of the one file, or of the folder
 */
export async function fetchRemote({ store, files, single }: Remote, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const absent: StoredFile[] = [];
  for (const file of files) if ((await sizeOf(join(folder, file.key))) !== file.bytes) absent.push(file);
  await requireRoom(
    folder,
    absent.reduce((sum, { bytes }) => sum + bytes, 0),
    store.place,
  );
  const fetched = mapOrdered(absent, (file) => fetchFile(store, file, join(folder, file.key)), TOGETHER);
  for await (const _ of fetched);
  return single === null ? folder : join(folder, single);
}

function fetchFile(store: FileStore, { key, bytes }: StoredFile, path: string): Promise<void> {
  return again(() =>
    replaceFile(path, async (aside) => {
      await pipeline(await store.get(key), createWriteStream(aside, { flags: 'wx' }));
      if ((await sizeOf(aside)) === bytes) return;
      throw new FileStoreError('cut', `${key} in ${store.place} changed while it was being fetched.`);
    }),
  );
}

/** Something that may lie in a store, on the local disk. */
export interface Local {
  readonly path: string;
  /** Removes what was fetched. */
  readonly close: () => Promise<void>;
}

/**
 * A place on the local disk as it is, and one in a store as a temporary copy.
 * @param isLeftOut files of the store that are not needed
 */
export async function localCopy(
  place: string,
  isLeftOut: (key: string) => boolean = () => false,
): Promise<Local> {
  if (!isS3(place)) return { path: resolve(place), close: () => Promise.resolve() };
  const listed = await listRemote(place);
  const remote = { ...listed, files: listed.files.filter(({ key }) => !isLeftOut(key)) };
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-fetched-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return { path: await fetchRemote(remote, folder), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** -1 where there is none. */
function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.size,
    () => -1,
  );
}
