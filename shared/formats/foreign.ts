/** All formats of other programs, and what they say of the images beside them. */
import { JsonError } from '../schema/json.ts';
import { cocoReader, cocoWriter } from './coco.ts';
import { csvReader, csvWriter } from './csv.ts';
import { cvatReader, cvatWriter } from './cvat.ts';
import {
  FormatError,
  type ForeignFormat,
  type ForeignReader,
  type ForeignWriter,
  type SourceText,
  type Statement,
} from './format.ts';
import { imageFolderWriter } from './image-folder.ts';
import { labelStudioReader, labelStudioWriter } from './label-studio.ts';
import { matchImages, type FormatProblem, type ImageLabel } from './matching.ts';
import { teachableMachineReader } from './teachable-machine.ts';
import { yoloReader, yoloWriter } from './yolo.ts';

const READERS: readonly ForeignReader[] = [
  teachableMachineReader,
  csvReader,
  cocoReader,
  labelStudioReader,
  cvatReader,
  yoloReader,
];

/** Those that can be written, in the order in which they are offered. */
export const WRITERS = [
  imageFolderWriter,
  csvWriter,
  cocoWriter,
  yoloWriter,
  cvatWriter,
  labelStudioWriter,
] as const satisfies readonly ForeignWriter[];

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
  readonly recognised: readonly Recognised[];
  /** Texts that are of no known format, or broken. */
  readonly problems: readonly FormatProblem[];
}

const EXTENSIONS = new Set(READERS.flatMap((reader) => reader.extensions));

/** May it be annotations, by its name? */
export function isAnnotationName(name: string): boolean {
  return EXTENSIONS.has(extensionOf(name));
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
  for (const text of texts) {
    try {
      const found = recognise(text, images);
      const folder = text.name.split('/').slice(0, -1).join('/');
      const matched = matchImages(found.statements, images, folder);
      const said = [...matched.problems];
      for (const [path, label] of matched.labels) {
        const before = labels.get(path) ?? label;
        if (before.name === label.name) labels.set(path, label);
        else said.push({ file: path, reason: 'Two files give it different labels, so it was left without.' });
        if (before.name !== label.name) disputed.add(path);
      }
      for (const path of matched.named) named.add(path);
      recognised.push({
        format: found.format,
        file: text.name,
        labels: matched.labels.size,
        problems: said,
      });
    } catch (cause) {
      if (!(cause instanceof FormatError || cause instanceof JsonError)) throw cause;
      problems.push({ file: text.name, reason: cause.message });
    }
  }
  for (const path of disputed) labels.delete(path);
  return { labels, recognised: withUnnamed(recognised, images, named), problems };
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

function extensionOf(name: string): string {
  return /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}
