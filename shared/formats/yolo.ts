/**
 * YOLO classification: a folder for each class inside the folder of a part, and their names in `data.yaml`:
 *
 *     train/red panda/<photo>.png
 *     data.yaml                      names: ["red panda", …]
 *
 * The programs themselves read the folders; the names say which label a folder stands for where it could not be called
 * like it, or is a number.
 * Source: https://docs.ultralytics.com/datasets/classify/
 */
import { parse } from 'yaml';

import { compareText } from '../dataset/random.ts';
import { classFolderNames } from './class-folders.ts';
import { FormatError, type ForeignReader, type ForeignWriter } from './format.ts';
import { classPaths, filedBy } from './image-folder.ts';
import { PART_FOLDER } from './parts.ts';

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

export const yoloWriter: ForeignWriter = {
  format: 'yolo',
  losses: ['opinions', 'judgement', 'library', 'unlabelled'],
  unlabelled: false,
  paths: (photos) => classPaths(photos, PART_FOLDER.training),
  texts: (photos) => {
    const labels = photos.flatMap(({ label }) => (label === null ? [] : [label]));
    const folders = [...classFolderNames(labels)].sort(([, a], [, b]) => compareText(a, b));
    // Text in JSON's quotes is YAML, too.
    const names = JSON.stringify(folders.map(([label]) => label));
    const parts = new Set(photos.map(({ part }) => PART_FOLDER[part ?? 'training']));
    const places = [...parts].map((part) => `${part}: ${part}\n`).join('');
    return [{ name: 'data.yaml', text: `${places}nc: ${String(folders.length)}\nnames: ${names}\n` }];
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
