import { createReadStream } from 'node:fs';
import { copyFile, open, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import { replaceFile } from './atomic.ts';
import type { FileStore, StoredFile } from './store.ts';
import { checkKey, FileStoreError } from './store-key.ts';

/** A folder as a store of files; it is made with the first file. Hidden files are not in it. */
export function folderStore(place: string): FileStore {
  const root = resolve(place);
  const pathOf = (key: string): string => join(root, checkKey(key));
  return {
    place,
    put: async (key, path) => replaceFile(pathOf(key), (aside) => copyFile(path, aside)),
    get: async (key) => {
      const file = await open(pathOf(key)).catch((error: unknown) => {
        throw isAbsent(error) ? new FileStoreError('missing', `There is no ${key} in ${place}.`) : error;
      });
      return createReadStream('', { fd: file, highWaterMark: 1 << 20 });
    },
    has: async (key) => isFile(pathOf(key)),
    list: (prefix = '') => listFolder(root, prefix),
  };
}

async function* listFolder(root: string, prefix: string): AsyncGenerator<StoredFile> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((key) => key.startsWith(prefix) && !key.split('/').some((part) => part.startsWith('.')));
  for (const key of keys.sort()) {
    const { size, mtimeMs } = await stat(join(root, key));
    yield { key: checkKey(key), bytes: size, tag: String(mtimeMs) };
  }
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
