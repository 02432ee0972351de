import { canWriteFolders, download, pickWritableFolder, writeFile } from '../platform/files.ts';

/** Takes a finished file to where the person wants it. */
export type Save = (fileName: string, content: Blob) => Promise<void>;

/**
 * Asks for a folder where the browser can write one, else downloads. Null when the person dismissed the question.
 * Call it first of all in the turn of a click: only then a folder may be picked.
 */
export async function pickExportTarget(): Promise<Save | null> {
  if (!canWriteFolders()) {
    return (fileName, content) => {
      download(fileName, content);
      return Promise.resolve();
    };
  }
  const folder = await pickWritableFolder();
  return folder && ((fileName, content) => writeFile(folder, fileName, content));
}
