/** Results of a bulk identification in columns, so that a hundred thousand of them are asked about in no time. */
import type { Photo } from '#shared/schema/photo.ts';

import type { BulkLabel, BulkResult } from '../../../state/contract-bulk.ts';
import { keyOf } from '../labels.ts';

/** No class, no label. */
export const NONE = -1;

/** How a result stands to the library. */
export const STANDING = {
  /** It was a photo of the library, and is no longer: nothing to show. */
  gone: 0,
  /** A file that was not taken in. */
  outside: 1,
  /** In the library without a label. */
  bare: 2,
  unknown: 3,
  /** Its label is part of the class of the best guess … */
  agrees: 4,
  /** … or of another class of the version … */
  differs: 5,
  /** … or of none. */
  foreign: 6,
} as const;

/** What a version said: it never changes. */
export interface Scored {
  readonly results: readonly BulkResult[];
  readonly labels: readonly BulkLabel[];
  /** Place of the best guess in `labels`; `NONE` where the file could not be read. */
  readonly best: Int32Array;
  /** Softmax value of the best guess, 0 … 1; NaN where there is none. */
  readonly score: Float64Array;
}

/** What the library says of the same results at the moment. */
export interface Rows extends Scored {
  /** Values of `STANDING`. */
  readonly standing: Uint8Array;
  /** The label of each as a place in `worn`; `NONE` without one. */
  readonly label: Int32Array;
  /** Keys of labels, by kind and id. */
  readonly worn: readonly string[];
  /** 1 for what was set aside. */
  readonly aside: Uint8Array;
}

export function scoredRows(results: readonly BulkResult[], labels: readonly BulkLabel[]): Scored {
  const places = new Map(labels.map(({ id }, at) => [id, at]));
  const best = new Int32Array(results.length);
  const score = new Float64Array(results.length);
  results.forEach(({ top: [first] }, at) => {
    best[at] = first ? (places.get(first.label) ?? NONE) : NONE;
    score[at] = best[at] === NONE ? NaN : (first?.score ?? NaN);
  });
  return { results, labels, best, score };
}

/** @param inside whether all results are photos of the library, so that what is not there is gone */
export function rowsOf(
  scored: Scored,
  inside: boolean,
  photoOf: (id: string) => Pick<Photo, 'label'> | undefined,
): Rows {
  const { results, best } = scored;
  const standing = new Uint8Array(results.length);
  const label = new Int32Array(results.length).fill(NONE);
  const aside = new Uint8Array(results.length);
  const classes = classesOfSubClasses(scored.labels);
  const worn = new Map<string, number>();
  results.forEach((result, at) => {
    const photo = result.photo === null ? undefined : photoOf(result.photo);
    if (!photo) standing[at] = inside ? STANDING.gone : STANDING.outside;
    else standing[at] = standingOf(photo.label, best[at] as number, classes);
    if (photo?.label) label[at] = placeIn(worn, keyOf(photo.label));
    if (result.aside && !photo) aside[at] = 1;
  });
  return { ...scored, standing, label, worn: [...worn.keys()], aside };
}

function standingOf(
  label: Photo['label'],
  best: number,
  classes: ReadonlyMap<string, readonly number[]>,
): number {
  if (!label) return STANDING.bare;
  if (label.kind === 'unknown') return STANDING.unknown;
  const of = classes.get(label.id);
  if (!of) return STANDING.foreign;
  return of.includes(best) ? STANDING.agrees : STANDING.differs;
}

function classesOfSubClasses(labels: readonly BulkLabel[]): ReadonlyMap<string, readonly number[]> {
  const classes = new Map<string, number[]>();
  labels.forEach(({ subClasses }, at) => {
    for (const sub of subClasses) classes.set(sub, [...(classes.get(sub) ?? []), at]);
  });
  return classes;
}

function placeIn(places: Map<string, number>, key: string): number {
  const known = places.get(key);
  if (known !== undefined) return known;
  places.set(key, places.size);
  return places.size - 1;
}

export function byKey(results: readonly BulkResult[]): ReadonlyMap<string, BulkResult> {
  return new Map(results.map((result) => [result.key, result]));
}
