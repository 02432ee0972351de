/** Files and folders from the person, and back to them. Hides what each browser can and cannot do. */
import { fromEvent } from 'file-selector';

import { isSystemLitter } from '#shared/archive/layout.ts';

/** Files of a drop or paste; those of dropped folders carry `webkitRelativePath`. */
export async function droppedFiles(event: DragEvent | ClipboardEvent): Promise<File[]> {
  const found = await fromEvent(event);
  return found
    .filter((item) => item instanceof File)
    .map(withRelativePath)
    .filter(isWanted);
}

/** Can this browser write into a folder that the person picks? */
export function canWriteFolders(): boolean {
  return 'showDirectoryPicker' in window;
}

type DirectoryPicker = (options: {
  mode: 'read' | 'readwrite';
  id: string;
}) => Promise<FileSystemDirectoryHandle>;

/** Lets the person pick a folder to write to; null when they dismiss the question. Call it in a click's handler. */
export async function pickWritableFolder(): Promise<FileSystemDirectoryHandle | null> {
  const { showDirectoryPicker } = window as unknown as { showDirectoryPicker: DirectoryPicker };
  return unlessDismissed(showDirectoryPicker({ mode: 'readwrite', id: 'menagerie-export' }));
}

/** Lets the person pick a folder to read from; null when they dismiss the question. Call it in a click's handler. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  const { showDirectoryPicker } = window as unknown as { showDirectoryPicker: DirectoryPicker };
  return unlessDismissed(showDirectoryPicker({ mode: 'read', id: 'menagerie-pictures' }));
}

/** In TypeScript's library permissions of handles are still missing. */
type Asking = FileSystemDirectoryHandle & {
  readonly requestPermission?: (options: { mode: 'read' | 'readwrite' }) => Promise<PermissionState>;
};

/** May a folder that was picked earlier still be written to? Call it in a click's handler: the browser may ask. */
export function mayWrite(folder: Asking): Promise<boolean> {
  return may(folder, 'readwrite');
}

/** May a folder that was picked earlier still be read? Call it in a click's handler: the browser may ask. */
export function mayRead(folder: Asking): Promise<boolean> {
  return may(folder, 'read');
}

async function may(folder: Asking, mode: 'read' | 'readwrite'): Promise<boolean> {
  try {
    return (await folder.requestPermission?.({ mode })) === 'granted';
  } catch {
    return false;
  }
}

/** In TypeScript's library the contents of folders are still missing. */
type Listed = FileSystemDirectoryHandle & {
  readonly values: () => AsyncIterable<FileSystemDirectoryHandle | FileSystemFileHandle>;
};

/** All files of a folder and of those in it, in the order of their paths, each with its `webkitRelativePath`. */
export async function filesOf(folder: FileSystemDirectoryHandle): Promise<File[]> {
  const found: File[] = [];
  const walk = async (place: FileSystemDirectoryHandle, path: string): Promise<void> => {
    for await (const handle of (place as Listed).values()) {
      const inside = `${path}/${handle.name}`;
      if (handle.kind === 'directory') await walk(handle, inside);
      else found.push(placed(await handle.getFile(), inside));
    }
  };
  await walk(folder, folder.name);
  return found.filter(isWanted).sort((a, b) => (a.webkitRelativePath < b.webkitRelativePath ? -1 : 1));
}

function placed(file: File, path: string): File {
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}

const KEEP_URL_MS = 60_000;

/** Hands a file to the browser's downloads. @param read called when it was surely read */
export function download(name: string, content: Blob, read: () => void = () => undefined): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads the URL after this turn; nothing tells when it is done.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
    read();
  }, KEEP_URL_MS);
}

function isWanted(file: File): boolean {
  return !isSystemLitter(file.name);
}

/** What a drop calls `path` ("./zoo/lion/1.jpg") a picker calls `webkitRelativePath` ("zoo/lion/1.jpg"). */
function withRelativePath(file: File & { readonly path?: string }): File {
  const path = (file.path ?? '').replace(/^\.?\//, '');
  return path.includes('/') ? placed(file, path) : file;
}

async function unlessDismissed<T>(choice: Promise<T>): Promise<T | null> {
  try {
    return await choice;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') return null;
    throw cause;
  }
}
