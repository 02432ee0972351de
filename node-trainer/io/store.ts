import { createHash } from 'node:crypto';

import { again } from './again.ts';
import { folderStore } from './folder-store.ts';
import { s3Store } from './s3-store.ts';
import { isS3 } from './s3-place.ts';
import { FileStoreError } from './store-key.ts';

/** A file in a store. */
export interface StoredFile {
  /** Relative path with `/`, checked. */
  readonly key: string;
  readonly bytes: number;
  /** Changes with the content (S3's ETag); in a folder the time of the last change. */
  readonly tag: string;
}

/**
 * Where files are read and written: a folder, or a prefix of an S3-compatible store. Keys are relative paths with `/`
 * and are checked; a file appears whole or not at all.
 */
export interface FileStore {
  /** As it was given, for messages. */
  readonly place: string;
  /** Stores a file of the local disk. @throws FileStoreError, or the file system's error */
  readonly put: (key: string, path: string) => Promise<void>;
  /** A file's bytes, piece by piece. @throws FileStoreError where there is none of the name */
  readonly get: (key: string) => Promise<AsyncIterable<Uint8Array>>;
  /** All files whose key begins with `prefix`, in the order of their keys. */
  readonly list: (prefix?: string) => AsyncIterable<StoredFile>;
  readonly has: (key: string) => Promise<boolean>;
}

/**
 * Opens a place: a folder's path, or `s3://bucket/prefix` with address and keys from the usual variables
 * (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`).
 * @throws FileStoreError for an address that can't be, or without keys
 */
export function openStore(place: string, environment: NodeJS.ProcessEnv = process.env): FileStore {
  return isS3(place) ? s3Store(place, environment) : folderStore(place);
}

/**
 * Reads a small file as text.
 * @param limit most bytes that are taken
 * @throws FileStoreError where it is missing or larger
 */
export async function readText(store: FileStore, key: string, limit = 2 ** 24): Promise<string> {
  return again(async () => {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of await store.get(key)) {
      bytes += piece.length;
      if (bytes > limit)
        throw new FileStoreError('too-large', `${key} in ${store.place} is larger than ${limit} bytes.`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  });
}

/** SHA-256 and size of a stored file, read in pieces. */
export async function hashStored(store: FileStore, key: string): Promise<{ sha256: string; bytes: number }> {
  return again(async () => {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of await store.get(key)) {
      hash.update(piece);
      bytes += piece.length;
    }
    return { sha256: hash.digest('hex'), bytes };
  });
}
