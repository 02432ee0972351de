/** Reads YOLO's classification folders (`yolo.ts`); apart, for pages that only write need no YAML. */
import { parse } from 'yaml';

import { classFolderNames } from './class-folders.ts';
import { FormatError, type ForeignReader } from './format.ts';
import { filedBy } from './image-folder.ts';

export const yoloReader: ForeignReader = {
  format: 'yolo',
  extensions: ['yaml', 'yml'],
  read: ({ name, text }, images) => {
    const names = namesIn(name, text);
    if (!names) return null;
    const labelOf = new Map(names.map((label, i) => [String(i), label]));
    for (const [label, folder] of classFolderNames(names)) labelOf.set(folder, label);
    for (const label of names) labelOf.set(label, label);
    const filed = filedBy(images);
    return images.map((image, i) => {
      const { label, part } = filed[i] ?? { label: null, part: null };
      return { image, labels: label === null ? [] : [labelOf.get(label) ?? label], part };
    });
  },
};

/** Only names are read: everything as text, nothing by reference. */
function namesIn(file: string, text: string): string[] | null {
  let value: unknown;
  try {
    value = parse(text, { schema: 'failsafe', maxAliasCount: 0, logLevel: 'error', mapAsMap: true });
  } catch (cause) {
    throw new FormatError(`${file} is no whole YAML: ${cause instanceof Error ? cause.message : ''}`);
  }
  const names: unknown = value instanceof Map ? value.get('names') : null;
  const list = names instanceof Map ? byNumber(names) : names;
  return Array.isArray(list) && list.every((name) => typeof name === 'string') ? list : null;
}

/** `names: { 0: lion, 1: lynx }` */
function byNumber(names: ReadonlyMap<unknown, unknown>): unknown[] | null {
  const list = [...names].map(([at, name]) => [Number(at), name] as const).sort(([a], [b]) => a - b);
  return list.every(([at], i) => at === i) ? list.map(([, name]) => name) : null;
}
