/** Photos of a class to hold beside another one (P3-58). */
import { DEFAULT_DATA_SET_OPTIONS } from '../schema/dataset.ts';
import type { Photo } from '../schema/photo.ts';
import { parseHashes, popcount } from './hash-words.ts';
import { compareText } from './random.ts';
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
  const likeness = new Map<string, number>();
  const hashOf = (id: string): string | undefined => told.get(id)?.hash;
  const others = apart(hashOf(question.photo), members, (id) => hashOf(id) ?? '');
  for (const id of others) {
    const row = seen.rowOf(id);
    if (row !== undefined) likeness.set(id, dot(middle, directionOf(row)));
  }
  return take(
    question,
    doubted,
    [...likeness.keys()],
    (a, b) => (likeness.get(b) ?? 0) - (likeness.get(a) ?? 0) || compareText(a, b),
  );
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
  return take(
    question,
    new Set(doubted),
    others.map(({ id }) => id),
    () => 0,
  );
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

function take(
  { photo, but, count }: ExampleQuestion,
  doubted: ReadonlySet<string>,
  ids: readonly string[],
  compare: (a: string, b: string) => number,
): string[] {
  const not = new Set([photo, ...but]);
  const known = ids.filter((id) => !not.has(id));
  const doubts = (id: string): number => (doubted.has(id) ? 1 : 0);
  return known.sort((a, b) => doubts(a) - doubts(b) || compare(a, b)).slice(0, count);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}
