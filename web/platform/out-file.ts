/** Files on their way out: into a folder that the person picked, or by the browser's downloads. Works in workers. */

/** Where finished files go; can be handed to a worker. */
export type OutPlace =
  { readonly kind: 'folder'; readonly folder: FileSystemDirectoryHandle } | { readonly kind: 'downloads' };

/** A file being written. Until it is kept it has a working name, so that a cut leaves nothing that looks whole. */
export interface OutFile {
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** All bytes are on the disk; what lies there, to be read back. */
  readonly close: () => Promise<Blob>;
  /** After `close`: gives the file its name. @returns what to download where it does not lie in a folder */
  readonly keep: () => Promise<Blob | null>;
  /** Leaves nothing behind, whatever the state. */
  readonly discard: () => Promise<void>;
}

/** @throws DOMException when the place cannot be written (permission, room) */
export async function openOutFile(place: OutPlace, name: string): Promise<OutFile> {
  if (place.kind === 'folder') return inFolder(place.folder, name);
  const room = await waitingRoom();
  return room === null ? inMemory() : inWaitingRoom(room);
}

/** Files that lie waiting for their download; a page that went away leaves some. */
const WAITING_ROOM = 'menagerie-downloads';
/** No download of today takes longer to be read. */
const FORGOTTEN_MS = 3_600_000;

/** Deletes a file that was downloaded, and those that earlier pages forgot. @param file null for those only */
export async function clearWaitingRoom(file: Blob | null): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    const room = await root.getDirectoryHandle(WAITING_ROOM);
    if (file instanceof File) await removeQuietly(room, file.name);
    for await (const handle of (room as unknown as Listed).values()) {
      if (handle.kind !== 'file') continue;
      const { lastModified } = await (handle as FileSystemFileHandle).getFile();
      if (Date.now() - lastModified > FORGOTTEN_MS) await removeQuietly(room, handle.name);
    }
  } catch {
    // Nothing lies there, or this browser has no such place.
  }
}

/** In TypeScript's library folders cannot be listed yet. */
interface Listed {
  readonly values: () => AsyncIterable<FileSystemHandle>;
}

/** Deletes unfinished files from a folder. @param names as they would be called when finished */
export async function clearWorkingFiles(place: OutPlace, names: readonly string[]): Promise<void> {
  if (place.kind !== 'folder') return;
  for (const name of names) await removeQuietly(place.folder, workingName(name));
}

function workingName(name: string): string {
  return `${name}.part`;
}

async function inFolder(folder: FileSystemDirectoryHandle, name: string): Promise<OutFile> {
  const working = await folder.getFileHandle(workingName(name), { create: true });
  const stream = await working.createWritable();
  let over = false;
  return {
    write: (bytes) => stream.write(bytes),
    close: async () => {
      over = true;
      await stream.close();
      return working.getFile();
    },
    keep: async () => {
      await rename(folder, working, name);
      return null;
    },
    discard: async () => {
      if (!over) await stream.abort().catch(() => undefined);
      await removeQuietly(folder, workingName(name));
    },
  };
}

/** In TypeScript's library it is still missing; browsers without it, or without it for real folders, get a copy. */
type Movable = FileSystemFileHandle & { readonly move?: (name: string) => Promise<void> };

async function rename(folder: FileSystemDirectoryHandle, working: Movable, name: string): Promise<void> {
  await removeQuietly(folder, name);
  if (await moved(working, name)) return;
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await stream.write(await working.getFile());
  await stream.close();
  await removeQuietly(folder, working.name);
}

async function moved(working: Movable, name: string): Promise<boolean> {
  try {
    await working.move?.(name);
    return working.move !== undefined;
  } catch {
    return false;
  }
}

async function removeQuietly(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name);
  } catch {
    // It was not there.
  }
}

/** Null in windows that keep nothing, where some browsers have no place for files. */
async function waitingRoom(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(WAITING_ROOM, { create: true });
  } catch {
    return null;
  }
}

/** In TypeScript's library these are for workers only. */
interface AccessHandle {
  readonly write: (bytes: Uint8Array, options: { at: number }) => number;
  readonly truncate: (bytes: number) => void;
  readonly flush: () => void;
  readonly close: () => void;
}
type Accessible = FileSystemFileHandle & { readonly createSyncAccessHandle: () => Promise<AccessHandle> };

/** On the disk, so that memory holds none of it; the browser's downloads read it from there. */
async function inWaitingRoom(room: FileSystemDirectoryHandle): Promise<OutFile> {
  const name = crypto.randomUUID();
  const handle = (await room.getFileHandle(name, { create: true })) as Accessible;
  const access = await handle.createSyncAccessHandle();
  access.truncate(0);
  let at = 0;
  return {
    write: (bytes) => {
      const written = access.write(bytes, { at });
      at += written;
      if (written < bytes.length) throw new DOMException('The disk is full.', 'QuotaExceededError');
      return Promise.resolve();
    },
    close: () => {
      access.flush();
      access.close();
      return handle.getFile();
    },
    keep: () => handle.getFile(),
    discard: async () => {
      access.close();
      await removeQuietly(room, name);
    },
  };
}

/** The last resort: the browser may put Blobs on the disk on its own. */
function inMemory(): OutFile {
  let parts: Blob[] = [];
  const whole = (): Blob => new Blob(parts, { type: 'application/zip' });
  return {
    write: (bytes) => {
      parts.push(new Blob([bytes]));
      return Promise.resolve();
    },
    close: () => Promise.resolve(whole()),
    keep: () => Promise.resolve(whole()),
    discard: () => {
      parts = [];
      return Promise.resolve();
    },
  };
}
