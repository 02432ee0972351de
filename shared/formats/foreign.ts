/** What lists of labels of other programs say of the images beside them. */
import { JsonError } from '../schema/json.ts';
import { labelKey } from '../schema/names.ts';
import { cocoReader } from './coco.ts';
import { csvReader } from './csv.ts';
import { cvatReader } from './cvat.ts';
import {
  FormatError,
  type ForeignFormat,
  type ForeignReader,
  type SourceText,
  type Statement,
} from './format.ts';
import { labelStudioReader } from './label-studio.ts';
import { matchImages, type FormatProblem, type ImageLabel } from './matching.ts';
import { teachableMachineReader } from './teachable-machine.ts';
import { yoloReader } from './yolo-reader.ts';

const READERS: readonly ForeignReader[] = [
  teachableMachineReader,
  csvReader,
  cocoReader,
  labelStudioReader,
  cvatReader,
  yoloReader,
];

/** No annotation file of a library of this size is larger, in bytes. */
export const MOST_TEXT_BYTES = 64 << 20;

/** A file that was understood. */
export interface Recognised {
  readonly format: ForeignFormat;
  readonly file: string;
  /** Images that got a label by it. */
  readonly labels: number;
  /** What of it could not be taken over, and images that it does not name. */
  readonly problems: readonly FormatProblem[];
}

export interface Reading {
  /** By path of the image. */
  readonly labels: ReadonlyMap<string, ImageLabel>;
  /** Images whose folder says nothing: a list names them without a label, or others of the folder by another. */
  readonly unfiled: ReadonlySet<string>;
  readonly recognised: readonly Recognised[];
  /** Texts that are of no known format, or broken. */
  readonly problems: readonly FormatProblem[];
}

/**
 * Reads all annotations among the files. Where two files contradict each other on an image, it gets no label.
 * @param images paths of the images, with `/`
 */
export function readForeign(texts: readonly SourceText[], images: readonly string[]): Reading {
  const labels = new Map<string, ImageLabel>();
  const disputed = new Set<string>();
  const named = new Set<string>();
  const recognised: Recognised[] = [];
  const problems: FormatProblem[] = [];
  for (const source of texts) {
    try {
      const { format, statements } = recognise(source, images);
      const matched = matchImages(statements, images, folderOf(source.name));
      const news = join(labels, matched.labels);
      for (const { file } of news) disputed.add(file);
      for (const path of matched.named) named.add(path);
      const said = [...matched.problems, ...news];
      recognised.push({ format, file: source.name, labels: matched.labels.size, problems: said });
    } catch (cause) {
      if (!(cause instanceof FormatError || cause instanceof JsonError)) throw cause;
      problems.push({ file: source.name, reason: cause.message });
    }
  }
  for (const path of disputed) labels.delete(path);
  return {
    labels,
    unfiled: unfiledOf(images, labels, named),
    recognised: withUnnamed(recognised, images, named),
    problems,
  };
}

/** Takes over what another list says. @returns images that it calls otherwise than the lists before */
function join(labels: Map<string, ImageLabel>, more: ReadonlyMap<string, ImageLabel>): FormatProblem[] {
  const reason = 'Two files give it different labels, so it was left without.';
  return [...more].flatMap(([file, label]) => {
    const before = labels.get(file);
    if (before && labelKey(before.name) !== labelKey(label.name)) return [{ file, reason }];
    labels.set(file, label);
    return [];
  });
}

function unfiledOf(
  images: readonly string[],
  labels: ReadonlyMap<string, ImageLabel>,
  named: ReadonlySet<string>,
): Set<string> {
  // "images" and "train" are no labels, and such folders are found by what they hold.
  const noLabel = new Set<string>();
  for (const [path, { name }] of labels) {
    const folder = folderOf(path);
    if (labelKey(folder.split('/').at(-1) ?? '') !== labelKey(name)) noLabel.add(folder);
  }
  return new Set(
    images.filter((path) => !labels.has(path) && (named.has(path) || noLabel.has(folderOf(path)))),
  );
}

/** @throws FormatError where it is of none of them */
function recognise(
  source: SourceText,
  images: readonly string[],
): { format: ForeignFormat; statements: readonly Statement[] } {
  for (const { extensions, format, read } of READERS) {
    if (!extensions.includes(extensionOf(source.name))) continue;
    const statements = read(source, images);
    if (statements) return { format, statements };
  }
  throw new FormatError('It is neither an image nor a list of labels that Menagerie knows.');
}

/** Images that no list names are told of once, with the first of the lists. */
function withUnnamed(
  recognised: readonly Recognised[],
  images: readonly string[],
  named: ReadonlySet<string>,
): readonly Recognised[] {
  const [first, ...others] = recognised;
  if (!first) return [];
  const unnamed = images.filter((path) => !named.has(path));
  const reason = 'The list does not name this image.';
  return [
    { ...first, problems: [...first.problems, ...unnamed.map((file) => ({ file, reason }))] },
    ...others,
  ];
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

function extensionOf(name: string): string {
  return /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}
