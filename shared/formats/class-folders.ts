/** Folders for labels, as readable as every system allows. */
import { foldPath } from '../archive/names.ts';
import { distinctPart, readablePart } from '../archive/safe-part.ts';

const LONGEST = 80;

/**
 * A folder for each label, different ones also where case does not count: the label itself where it can be a folder's
 * name, else its readable rest with a mark of the whole behind `~`.
 */
export function classFolderNames(labels: Iterable<string>): Map<string, string> {
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  const altered: string[] = [];
  const take = (label: string, folder: string): void => {
    taken.add(foldPath(folder));
    folders.set(label, folder);
  };
  for (const label of new Set(labels)) {
    const fits = readablePart(label, LONGEST) === label && label !== '' && !taken.has(foldPath(label));
    if (fits) take(label, label);
    else altered.push(label);
  }
  for (const label of altered) {
    let folder = distinctPart(`${label} `, LONGEST);
    // Against all odds (64 bits) the marked name is somebody's label.
    while (taken.has(foldPath(folder))) folder = distinctPart(`${folder} `, LONGEST);
    take(label, folder);
  }
  return folders;
}
