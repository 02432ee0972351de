/** Photos of a class to hold beside another one (P3-58). */
import { DEFAULT_DATA_SET_OPTIONS } from '../schema/dataset.ts';
import type { Photo } from '../schema/photo.ts';
import { parseHashes, popcount } from './hash-words.ts';
import type { SeenPhotos } from './seen-photos.ts';
import type { ToldPhotos } from './told-photos.ts';

export interface ExampleQuestion {
  readonly photo: string;
  /** Ids of the class's sub-classes. */
  readonly of: readonly string[];
  /** Not these. */
  readonly but: readonly string[];
  readonly count: number;
}

/** Good enough to be held beside another one. */
export function isFit({ excluded, faults }: Photo): boolean {
  return !excluded && faults.length === 0;
}

/**
 * Photos of a class in the order in which they look like one, most alike first: never that one, a near-duplicate of it or
 * of one of those, or a faulty one. Only the class's own photos are looked at.
 * @param doubted photos whose own label is doubted: they come last
 * @returns none where the photo was not seen
 */
export function nearestExamples(
  seen: SeenPhotos,
  told: ToldPhotos,
  question: ExampleQuestion,
  doubted: ReadonlySet<string>,
): string[] {
  const own = seen.rowOf(question.photo);
  if (own === undefined) return [];
  const members = question.of.flatMap((label) => [...told.of(label)]).filter((id) => told.get(id)?.fit);
  const directionOf = seen.directions();
  const middle = directionOf(own).slice();
  const hashOf = (id: string): string | undefined => told.get(id)?.hash;
  const others = apart(hashOf(question.photo), members, (id) => hashOf(id) ?? '');
  const compared = others.flatMap((id) => {
    const row = seen.rowOf(id);
    return row === undefined ? [] : [{ id, likeness: dot(middle, directionOf(row)) }];
  });
  return take(question, doubted, compared);
}

/**
 * The same for those that cannot be compared: in the order in which they are given.
 * @param photos the library, newest first
 */
export function newestExamples(
  photos: readonly Photo[],
  question: ExampleQuestion,
  doubted: readonly string[],
): string[] {
  const labels = new Set(question.of);
  const members = photos.filter(
    (one) => one.label?.kind === 'sub-class' && labels.has(one.label.id) && isFit(one),
  );
  const own = photos.find(({ id }) => id === question.photo);
  const others = apart(own?.hash, members, (one) => one.hash);
  // As alike as each other: they stay in their order.
  const ids = others.map(({ id }) => ({ id, likeness: 0 }));
  return take(question, new Set(doubted), ids);
}

/** Those that are no near-duplicates of a photo, nor of one that is. @param hash undefined where it is not known */
function apart<T>(
  hash: string | undefined,
  members: readonly T[],
  hashOf: (member: T) => string,
): readonly T[] {
  if (hash === undefined) return members;
  const { high, low } = parseHashes([hash, ...members.map(hashOf)]);
  const near = (a: number, b: number): boolean =>
    popcount((high[a] as number) ^ (high[b] as number)) + popcount((low[a] as number) ^ (low[b] as number)) <=
    DEFAULT_DATA_SET_OPTIONS.duplicateDistance;
  let rest = members.map((_, i) => i + 1);
  for (const from = [0]; from.length > 0;) {
    const one = from.pop() as number;
    from.push(...rest.filter((other) => near(one, other)));
    rest = rest.filter((other) => !near(one, other));
  }
  return rest.map((at) => members[at - 1] as T);
}

interface Compared {
  readonly id: string;
  readonly likeness: number;
}

function take(
  { photo, but, count }: ExampleQuestion,
  doubted: ReadonlySet<string>,
  compared: readonly Compared[],
): string[] {
  const not = new Set([photo, ...but]);
  const known = compared
    .filter(({ id }) => !not.has(id))
    .map((one) => ({ ...one, doubt: doubted.has(one.id) ? 1 : 0 }));
  known.sort((a, b) => a.doubt - b.doubt || b.likeness - a.likeness);
  return known.slice(0, count).map(({ id }) => id);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}
