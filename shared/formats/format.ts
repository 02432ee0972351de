/** What the formats of other programs have in common. */
import type { Part } from '../schema/dataset.ts';

/** In the order in which they are offered. */
export const FOREIGN_FORMATS = [
  'image-folder',
  'csv',
  'coco',
  'yolo',
  'cvat',
  'label-studio',
  'teachable-machine',
] as const;
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];

/** What an exchange by such a format loses; each has its words in the catalogue. */
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
  | 'unlabelled'
  /** Boxes and outlines are not read; what they are called is. */
  | 'boxes'
  /** Guesses of models are not read: only what people said. */
  | 'guesses';

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

export interface ForeignReader {
  readonly format: ForeignFormat;
  /** Lower-case extensions of its texts, without the dot. */
  readonly extensions: readonly string[];
  readonly losses: readonly Loss[];
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
  readonly format: ForeignFormat;
  readonly losses: readonly Loss[];
  /** Can photos without a label be in it? */
  readonly unlabelled: boolean;
  /** Where the images go, in the same order. */
  readonly paths: (photos: readonly OutPhoto[]) => readonly string[];
  /** What is said of those whose image was written. */
  readonly texts: (photos: readonly PlacedPhoto[]) => readonly SourceText[];
}
