/** What sides come to on the same photos, side by side (P6-28). */
import { wilsonInterval, type ShareInterval } from '#shared/metrics/interval.ts';
import { quartiles, type Quartiles } from '#shared/metrics/quartiles.ts';

import type { Side, Truths, Verdict } from './sides.ts';

export interface SideFigures {
  readonly photos: number;
  /** Photos whose class was named first. */
  readonly right: number;
  /** The same as a share, with its 95 % interval; null without photos. */
  readonly accuracy: ShareInterval | null;
  /** Answered, and right. With the next two all photos. */
  readonly toldRight: number;
  readonly toldWrong: number;
  /** "I don't know", or below the threshold. */
  readonly untold: number;
  /** Milliseconds for a photo; null where no times are known. */
  readonly ms: Quartiles | null;
}

/** @param photos each of which the side has looked at */
export function figuresOf(side: Side, photos: readonly string[]): SideFigures {
  const verdicts = photos.flatMap((photo) => side.get(photo) ?? []);
  const count = (fits: (verdict: Verdict) => boolean): number => verdicts.filter(fits).length;
  const right = count((verdict) => verdict.right);
  return {
    photos: verdicts.length,
    right,
    accuracy: wilsonInterval(right, verdicts.length),
    toldRight: count((verdict) => verdict.told && verdict.right),
    toldWrong: count((verdict) => verdict.told && !verdict.right),
    untold: count((verdict) => !verdict.told),
    ms: quartiles(verdicts.flatMap(({ ms }) => ms ?? [])),
  };
}

/** Which photos two sides missed: named another class first, or none. */
export interface Missed {
  readonly both: readonly string[];
  readonly firstOnly: readonly string[];
  readonly secondOnly: readonly string[];
}

export function missedBy(first: Side, second: Side, photos: readonly string[]): Missed {
  const missed = (side: Side, photo: string): boolean => side.get(photo)?.right === false;
  const those = (a: boolean, b: boolean): string[] =>
    photos.filter((photo) => missed(first, photo) === a && missed(second, photo) === b);
  return { both: those(true, true), firstOnly: those(true, false), secondOnly: those(false, true) };
}

/** Photos of a class that were taken for another one. */
export interface ConfusedRow {
  readonly truth: string;
  readonly named: string;
  /** How often, by each side. */
  readonly counts: readonly number[];
  readonly photos: readonly string[];
}

/** What was taken for what by any of the sides, most frequent first. */
export function confusedRows(
  sides: readonly Side[],
  photos: readonly string[],
  truths: Truths,
): ConfusedRow[] {
  const rows = new Map<string, { truth: string; named: string; counts: number[]; photos: Set<string> }>();
  for (const [at, side] of sides.entries()) {
    for (const photo of photos) {
      const [verdict, truth] = [side.get(photo), truths.get(photo)];
      if (!verdict || truth === undefined || verdict.right || verdict.named === null) continue;
      const key = JSON.stringify([truth, verdict.named]);
      const row = rows.get(key) ?? {
        truth,
        named: verdict.named,
        counts: sides.map(() => 0),
        photos: new Set(),
      };
      row.counts[at] = (row.counts[at] ?? 0) + 1;
      row.photos.add(photo);
      rows.set(key, row);
    }
  }
  const total = (row: ConfusedRow): number => row.counts.reduce((sum, n) => sum + n, 0);
  return [...rows.values()]
    .map((row) => ({ ...row, photos: [...row.photos] }))
    .sort((a, b) => total(b) - total(a) || compareRows(a, b));
}

function compareRows(a: ConfusedRow, b: ConfusedRow): number {
  const [x, y] = [`${a.truth}\n${a.named}`, `${b.truth}\n${b.named}`];
  return x < y ? -1 : 1;
}

/** One class of the sample. */
export interface ClassRow {
  readonly class: string;
  readonly photos: readonly string[];
  readonly sides: readonly SideFigures[];
}

/** Classes that the first side knew least come first. */
export function classRows(sides: readonly Side[], photos: readonly string[], truths: Truths): ClassRow[] {
  const byClass = new Map<string, string[]>();
  for (const photo of photos) {
    const truth = truths.get(photo);
    if (truth === undefined) continue;
    const list = byClass.get(truth);
    if (list) list.push(photo);
    else byClass.set(truth, [photo]);
  }
  const known = ({ sides: [first] }: ClassRow): number => first?.accuracy?.share ?? 0;
  return [...byClass]
    .map(([id, own]) => ({ class: id, photos: own, sides: sides.map((side) => figuresOf(side, own)) }))
    .sort((a, b) => known(a) - known(b) || b.photos.length - a.photos.length || (a.class < b.class ? -1 : 1));
}
