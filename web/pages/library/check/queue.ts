/** Which photos a double-check goes through, and in which order. Pure: the queue is made once and then fixed. */
import { compareText } from '#shared/dataset/random.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { CheckPass, CheckWish } from '../../../state/contract-check.ts';
import type { LabelError } from '../../../state/contract.ts';
import type { Answers, Verdict } from './verdicts.ts';

export const CHECK_ORDERS = ['sure-wrong', 'low-own', 'suspects'] as const;
export type CheckOrder = (typeof CHECK_ORDERS)[number];

/** Everything that a queue is made of. */
export interface Stock {
  /** Newest first. */
  readonly photos: readonly Photo[];
  readonly answers: Answers;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly suspects: readonly LabelError[];
  readonly picked: readonly string[];
  /** Parts of a data set by photo, where the verdicts do not say. */
  readonly sets: ReadonlyMap<string, string>;
  /** Was it kept for this version, with the label that it has now? */
  readonly kept: (photo: Photo) => boolean;
  /** Those that were kept are asked again. */
  readonly again: boolean;
}

export const NO_SETS: Stock['sets'] = new Map();

export type Item = CheckPass['items'][number];

/** The queue of a wish, in order; a photo without a verdict comes last. */
export function queueOf(wish: CheckWish, order: CheckOrder, stock: Stock): Item[] {
  const photos = photosOf(wish, stock);
  // Doubts and hand-picked ones come as they were found and chosen.
  const sorted = wish.kind === 'suspects' || wish.kind === 'picked' ? photos : inOrder(photos, order, stock);
  const suggested = new Map(stock.suspects.map((one) => [one.photo, one.suggested]));
  return sorted.map(({ id }) => ({
    photo: id,
    top: [...(stock.answers.get(id)?.top ?? [])],
    suspect: wish.kind === 'suspects' ? (suggested.get(id) ?? null) : null,
  }));
}

/** The photos of a wish, in no order of their own. What trains nobody and was decided before is left out. */
export function photosOf(wish: CheckWish, stock: Stock): Photo[] {
  if (wish.kind === 'picked' || wish.kind === 'suspects') {
    const ids = wish.kind === 'picked' ? stock.picked : stock.suspects.map(({ photo }) => photo);
    const byId = new Map(stock.photos.map((photo) => [photo.id as string, photo]));
    const found = ids.flatMap((id) => byId.get(id) ?? []);
    return wish.kind === 'picked' ? found : found.filter((photo) => isOpen(photo, stock));
  }
  const fits = fitting(wish, stock);
  return stock.photos.filter((photo) => fits(photo) && isOpen(photo, stock));
}

/** Is there something to ask? What trains nobody and what somebody decided on is left alone. */
export function isOpen(photo: Photo, { again, kept }: Stock): boolean {
  return !photo.excluded && (again || !kept(photo));
}

function fitting(
  wish: Exclude<CheckWish, { kind: 'picked' | 'suspects' }>,
  { verdicts, sets }: Stock,
): (photo: Photo) => boolean {
  const doubtful = (photo: Photo): boolean => (verdicts.get(photo.id)?.kind ?? 'sure') !== 'sure';
  switch (wish.kind) {
    case 'doubtful':
      return doubtful;
    case 'pair':
      return ({ id }) => {
        const verdict = verdicts.get(id);
        return verdict?.kind === 'wrong' && isPair(verdict, wish);
      };
    case 'both':
      return ({ id }) => {
        const truth = verdicts.get(id)?.truth;
        return truth !== undefined && (truth === wish.truth || truth === wish.predicted);
      };
    case 'class':
      return (photo) => verdicts.get(photo.id)?.truth === wish.id && (wish.all || doubtful(photo));
    case 'label':
      return (photo) =>
        photo.label?.kind === 'sub-class' && photo.label.id === wish.id && (wish.all || doubtful(photo));
    case 'set':
      return (photo) => setOf(photo.id, verdicts, sets) === wish.name && (wish.all || doubtful(photo));
  }
}

function isPair(verdict: Verdict, { truth, predicted }: Pair): boolean {
  return verdict.truth === truth && verdict.best === predicted;
}

export function setOf(
  photo: string,
  verdicts: ReadonlyMap<string, Verdict>,
  sets: ReadonlyMap<string, string>,
): string | undefined {
  return verdicts.get(photo)?.set ?? sets.get(photo);
}

function inOrder(photos: readonly Photo[], order: CheckOrder, stock: Stock): Photo[] {
  const places = new Map(stock.suspects.map(({ photo }, at) => [photo, at]));
  const rank = (photo: Photo): readonly number[] => {
    const verdict = stock.verdicts.get(photo.id);
    const doubt = order === 'suspects' ? (places.get(photo.id) ?? Infinity) : 0;
    return [doubt, ...(verdict ? rankOf(verdict, order) : [Infinity])];
  };
  const ranked = photos.map((photo) => ({ photo, rank: rank(photo) }));
  ranked.sort((a, b) => compareRanks(a.rank, b.rank) || compareText(a.photo.id, b.photo.id));
  return ranked.map(({ photo }) => photo);
}

/** Smaller comes first. Where the model was sure and wrong, somebody is: the label or the model. */
function rankOf({ kind, score, own }: Verdict, order: CheckOrder): readonly number[] {
  if (order === 'low-own') return [own, kind === 'wrong' ? -score : 0];
  return kind === 'wrong' ? [0, -score] : [1, own];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? 0;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** A class, and what photos of it are taken for. */
export interface Pair {
  readonly truth: string;
  readonly predicted: string;
}

/** How often one class is taken for another one. */
export interface PairCount extends Pair {
  readonly photos: number;
}

/** Wrong verdicts by pair, the largest first (P3-63). */
export function pairsOf(verdicts: Iterable<Verdict>): PairCount[] {
  const counts = new Map<string, PairCount>();
  for (const { kind, truth, best } of verdicts) {
    if (kind !== 'wrong') continue;
    const key = JSON.stringify([truth, best]);
    counts.set(key, { truth, predicted: best, photos: (counts.get(key)?.photos ?? 0) + 1 });
  }
  return [...counts.values()].sort(
    (a, b) => b.photos - a.photos || compareText(a.truth, b.truth) || compareText(a.predicted, b.predicted),
  );
}

export function itemsByPhoto({ items }: Pick<CheckPass, 'items'>): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.photo, item]));
}
