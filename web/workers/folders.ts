import { UNLABELLED_FOLDER } from '#shared/archive/layout.ts';

/**
 * Which folder names each file's sub-class: the one it lies in. Files that lie beside the class folders
 * ("zoo/plan.jpg" where others lie in "zoo/lion/") have none. Null also for files in no folder.
 * @param paths with `/`, the file name last
 */
export function classFolders(paths: readonly string[]): (string | null)[] {
  const split = paths.map((path) =>
    path
      .split('/')
      .filter((part) => part !== '')
      .slice(0, -1),
  );
  const roots = new Set(split.filter((folders) => folders.length > 1).map((folders) => folders[0]));
  return split.map((folders) => {
    const folder = folders.at(-1);
    if (folder === undefined || folder === UNLABELLED_FOLDER) return null;
    if (folders.length === 1 && roots.has(folder)) return null;
    return folder.normalize('NFC').trim() || null;
  });
}
