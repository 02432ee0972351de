/** What the formats of other programs have in common. */
import type { Part } from '../schema/dataset.ts';

export type ForeignFormat =
  'image-folder' | 'csv' | 'coco' | 'yolo' | 'cvat' | 'label-studio' | 'teachable-machine';
/** Formats that can be written, too. */
export type WritableFormat = Exclude<ForeignFormat, 'teachable-machine'>;

/** What is lost on the way out; each has its words in the catalogue. */
export type Loss =
  /** Who labelled and when, second opinions, history. */
  | 'opinions'
  /** Faults, exclusion, origin, edits, measures. */
  | 'judgement'
  /** Merge rules, benchmarks, guidance, the planner's numbers. */
  | 'library'
  /** Labels that cannot be the name of a folder go by a similar name. */
  | 'folder-names'
  /** Photos without a label have no place in it. */
  | 'unlabelled';

/** A text of foreign origin is of this format, but cannot be read. The message is for people. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** What an annotation says of one image. */
export interface Statement {
  /** The image as the annotation names it: a path, a URL, a bare name. */
  readonly image: string;
  /** Another name to look for where the first fits nothing. */
  readonly also?: string;
  /** None: listed, but not labelled. Several different ones: nobody can tell which. */
  readonly labels: readonly string[];
  readonly part: Part | null;
}

/** A text among the files. */
export interface SourceText {
  /** Path with `/`. */
  readonly name: string;
  readonly text: string;
}

const LIST = /\.(csv|tsv|txt|json|xml|yaml|yml)$/i;

/** May it be a list of labels, by its name? */
export function isAnnotationName(name: string): boolean {
  return LIST.test(name);
}

export interface ForeignReader {
  readonly format: ForeignFormat;
  /** Lower-case extensions of its texts, without the dot. */
  readonly extensions: readonly string[];
  /**
   * @param images paths of the images beside it
   * @returns null where the text is not of this format
   * @throws FormatError, JsonError where it is, but is broken
   */
  readonly read: (source: SourceText, images: readonly string[]) => readonly Statement[] | null;
}

/** A photo on its way out. */
export interface OutPhoto {
  readonly id: string;
  /** As people read it; null for none. */
  readonly label: string | null;
  /** All photos have one, or none has. */
  readonly part: Part | null;
  /** Edge of its square image in pixels. */
  readonly size: number;
}

export type PlacedPhoto = OutPhoto & {
  /** Safe relative path of its image. */
  readonly path: string;
};

export interface ForeignWriter {
  readonly format: WritableFormat;
  readonly losses: readonly Loss[];
  /** Can photos without a label be in it? */
  readonly unlabelled: boolean;
  /** Where the images go, in the same order. */
  readonly paths: (photos: readonly OutPhoto[]) => readonly string[];
  /** What is said of those whose image was written. */
  readonly texts: (photos: readonly PlacedPhoto[]) => readonly SourceText[];
}
