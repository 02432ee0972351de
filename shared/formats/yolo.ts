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
import { compareText } from '../dataset/random.ts';
import { classFolderNames } from './class-folders.ts';
import type { ForeignWriter } from './format.ts';
import { classPaths } from './image-folder.ts';
import { PART_FOLDER } from './parts.ts';

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
