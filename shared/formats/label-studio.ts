/**
 * Label Studio's JSON, a task for each image:
 *
 *     [{ data: { image: "images/<photo>.png" },
 *        annotations: [{ result: [{ type: "choices", from_name: "choice", to_name: "image",
 *                                   value: { choices: ["red panda"] } }] }] }]
 *
 * and its short form (JSON-MIN): `[{ image: "…", choice: "red panda" }]`. Uploads get eight hex digits and a dash in
 * front of their name, local files a query; images are found without both. Guesses ("predictions") are not read.
 * Source: https://labelstud.io/guide/export and https://labelstud.io/guide/task_format
 */
import * as v from 'valibot';

import { parseJson } from '../schema/json.ts';
import { FormatError, type ForeignReader, type ForeignWriter, type Statement } from './format.ts';
import { isImageName } from './matching.ts';
import { PART_FOLDER, partOf } from './parts.ts';

const Value = v.record(v.string(), v.unknown());
const AnnotationSchema = v.object({
  was_cancelled: v.nullish(v.boolean(), false),
  result: v.optional(v.array(v.object({ value: v.optional(Value, {}) })), []),
});
const TaskSchema = v.object({
  data: Value,
  annotations: v.optional(v.array(AnnotationSchema)),
  /** Its name before 2021. */
  completions: v.optional(v.array(AnnotationSchema)),
});
/** Kinds of labels, as keys of `value`. */
const CHOICES = 'choices';
const SHAPES = [
  'rectanglelabels',
  'polygonlabels',
  'ellipselabels',
  'brushlabels',
  'keypointlabels',
  'labels',
];

export const labelStudioReader: ForeignReader = {
  format: 'label-studio',
  extensions: ['json'],
  read: ({ name, text }) => {
    const value = parseJson(text, name);
    if (!Array.isArray(value) || value.length === 0) return null;
    const list: readonly unknown[] = value;
    if (list.every(isShort)) return list.flatMap(readShort);
    if (!list.every((task) => typeof task === 'object' && task !== null && 'data' in task)) return null;
    const parsed = v.safeParse(v.array(TaskSchema), list);
    if (!parsed.success) throw new FormatError(`${name} has a broken task: ${parsed.issues[0].message}`);
    return parsed.output.flatMap(readTask);
  },
};

export const labelStudioWriter: ForeignWriter = {
  format: 'label-studio',
  losses: ['opinions', 'judgement', 'library'],
  unlabelled: true,
  paths: (photos) => photos.map(({ id }) => `images/${id}.png`),
  texts: (photos) => {
    const tasks = photos.map(({ path, label, part }) => ({
      data: { image: path, ...(part && { split: PART_FOLDER[part] }) },
      annotations: label === null ? [] : [{ result: [resultOf(label)] }],
    }));
    return [{ name: 'tasks.json', text: JSON.stringify(tasks) }];
  },
};

function resultOf(label: string): object {
  return { type: CHOICES, from_name: 'choice', to_name: 'image', value: { choices: [label] } };
}

function readTask({ data, annotations, completions }: v.InferOutput<typeof TaskSchema>): Statement[] {
  const image = imageIn(data);
  if (image === null) return [];
  const results = (annotations ?? completions ?? [])
    .filter(({ was_cancelled }) => !was_cancelled)
    .flatMap(({ result }) => result);
  const chosen = results.flatMap(({ value }) => textsIn(value[CHOICES]));
  const drawn = results.flatMap(({ value }) => SHAPES.flatMap((key) => textsIn(value[key])));
  return [statement(image, chosen.length > 0 ? chosen : drawn, data['split'])];
}

type Row = Readonly<Record<string, unknown>>;

function isShort(task: unknown): task is Row {
  return typeof task === 'object' && task !== null && !('data' in task) && imageIn(task as Row) !== null;
}

function readShort(row: unknown): Statement[] {
  if (!isShort(row)) return [];
  const image = imageIn(row);
  const choice = row['choice'] ?? row['choices'] ?? row['label'];
  const chosen = textsIn(choice);
  const nested =
    typeof choice === 'object' && choice !== null && CHOICES in choice ? textsIn(choice.choices) : [];
  return image === null ? [] : [statement(image, [...chosen, ...nested], row['split'])];
}

function statement(image: string, labels: readonly string[], split: unknown): Statement {
  const path = pathIn(image);
  const also = path.replace(/[^/]*$/, (name) => name.replace(/^[0-9a-f]{8}-/, ''));
  return {
    image: path,
    ...(also !== path && { also }),
    labels: [...new Set(labels)],
    part: typeof split === 'string' ? partOf(split) : null,
  };
}

/** `image` where there is one, else whatever names an image. */
function imageIn(data: Row): string | null {
  const usual = data['image'];
  if (typeof usual === 'string') return usual;
  const other = Object.values(data).find((value) => typeof value === 'string' && isImageName(pathIn(value)));
  return typeof other === 'string' ? other : null;
}

/** Text, or a list of texts. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** Of an address the path, of `/data/local-files/?d=zoo/1.jpg` what it asks for. */
function pathIn(address: string): string {
  const local = /\?(?:.*&)?d=([^&]*)/.exec(address)?.[1];
  const path = local ?? address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    // A percent sign that is one.
    return path;
  }
}
