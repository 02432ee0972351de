import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The disk is too small for what is to be written. Nothing was written. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

/** Bytes that may be written at a path; what does not exist yet counts as the folder that it will be made in. */
export async function freeBytes(path: string): Promise<number> {
  let at = resolve(path);
  for (;;) {
    const disk = await statfs(at).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(at) !== at) return null;
      throw error;
    });
    if (disk) return disk.bavail * disk.bsize;
    at = dirname(at);
  }
}

/**
 * Is there room, before the first byte is written (P5-08)?
 * @param what begins the message: "The library", "The shards in s3://zoo/export"
 * @throws NoRoom
 */
export async function requireRoom(path: string, needed: number, what: string): Promise<void> {
  const free = await freeBytes(path);
  if (needed <= free) return;
  throw new NoRoom(
    `${what} needs about ${megabytes(needed)} in ${resolve(path)}, but only ${megabytes(free)} are free. ` +
      'Nothing was written. Make room or name a folder on a larger disk, then run the same command again.',
  );
}

/** Bytes for people. */
export function megabytes(bytes: number): string {
  return bytes < 10 * 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
