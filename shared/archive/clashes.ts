import { foldPath } from './names.ts';
import { ArchiveRefused, shown } from './refused.ts';

/** A safe path, and whether it is that of a folder. */
interface Place {
  readonly name: string;
  readonly directory: boolean;
}

/**
 * Refuses two files, or a file and a folder, that are one place where case does not count. A folder may be listed
 * twice, but in one spelling.
 * @throws ArchiveRefused naming both
 */
export function checkClashes(places: readonly Place[]): void {
  const files = new Map<string, string>();
  for (const { name, directory } of places) {
    if (directory) continue;
    const key = foldPath(name);
    const before = files.get(key);
    if (before !== undefined) throw clash(before, name, 'one file on some systems');
    files.set(key, name);
  }
  const folders = new Map<string, string>();
  for (const { name, directory } of places) {
    for (const path of directory ? [name, ...parents(name)] : parents(name)) {
      const key = foldPath(path);
      const before = folders.get(key) ?? path;
      if (before !== path) throw clash(before, path, 'one folder on some systems');
      folders.set(key, path);
      const file = files.get(key);
      if (file !== undefined) throw clash(file, path, 'a file and a folder of one name');
    }
  }
}

function clash(a: string, b: string, what: string): ArchiveRefused {
  return new ArchiveRefused('duplicate', `The archive holds ${shown(a)} and ${shown(b)}: ${what}.`);
}

function parents(path: string): string[] {
  const found: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    found.push(path.slice(0, at));
  }
  return found;
}
