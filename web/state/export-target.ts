import { canWriteFolders, mayWrite, pickWritableFolder } from '../platform/files.ts';
import type { OutPlace } from '../platform/out-file.ts';

/**
 * Asks for a folder where the browser can write one, else downloads. Null when the person dismissed the question.
 * Call it first of all in the turn of a click: only then a folder may be picked.
 * @param before the folder of an export that is gone on with: only its permission is asked for
 */
export async function pickExportPlace(before: FileSystemDirectoryHandle | null): Promise<OutPlace | null> {
  if (before && (await mayWrite(before))) return { kind: 'folder', folder: before };
  if (!canWriteFolders()) return { kind: 'downloads' };
  const folder = await pickWritableFolder();
  return folder && { kind: 'folder', folder };
}
