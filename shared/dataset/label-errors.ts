import {
  CLASS,
  CONFIDENT,
  findLabelIssues,
  NOISE_RATE,
  type LabelIssues,
  type ScoreSource,
} from './confident-learning.ts';
import { discriminantHead, Moments } from './discriminant-head.ts';
import { FOLDS, labelFolds, type Item, type LabelFolds, type LabelledPhoto } from './label-folds.ts';
import { normalisedMargin, selfConfidence } from './label-quality.ts';
import { compareText } from './random.ts';
import type { SeenPhotos } from './seen-photos.ts';
import { logit, scoreRow, type SoftmaxHead } from './softmax-head.ts';

/** Rules by which a label may be an error: see `confident-learning.ts`. */
export type DoubtRule = 'noise-rate' | 'class' | 'confident';

/** A photo whose label is doubted by a head that learnt from other photos alone. */
export interface LabelError {
  readonly photo: string;
  /** Ids of sub-classes. */
  readonly given: string;
  readonly suggested: string;
  /** Softmax value of the given label, 0 … 1: never to be mixed with a score of the published model. */
  readonly selfConfidence: number;
  /** How far the given label is ahead of the best other one, 0 … 1; below 0.5 it is behind. */
  readonly margin: number;
  /** At least one. */
  readonly rules: readonly DoubtRule[];
}

export interface LabelErrors {
  /** Those that more rules agree on first, then the least self-confident. */
  readonly errors: readonly LabelError[];
  /** What was looked at; 0 while fewer than two labels have enough photos that were seen. */
  readonly photos: number;
  readonly labels: number;
  /** Labels with too few photos that were seen and are no near-duplicates of each other. */
  readonly leftOut: readonly { readonly label: string; readonly photos: number }[];
  /** Labelled photos that the network has not seen. */
  readonly unseen: number;
}

/** Rows between two pauses. */
const PIECE = 64;
/** Share of the work that is done when the heads have learnt. */
const LEARNT = 0.15;

/**
 * Labels that may be wrong: five heads, each learning from four fifths of the photos, judge the other fifth (P3-57);
 * confident learning draws the line. The same photos and labels give the same answer. Scores are made anew whenever they
 * are needed, so that all of them never lie in memory.
 * @param distance bits in which hashes of near-duplicates may differ
 * @returns yields the share done, 0 … 1, now and then, so that whoever runs it can pause or stop
 */
export function* findLabelErrors(
  seen: SeenPhotos,
  photos: Iterable<LabelledPhoto>,
  distance: number,
): Generator<number, LabelErrors> {
  const dealt = labelFolds(seen, photos, distance);
  const { names, items, leftOut, unseen } = dealt;
  const empty = { errors: [], photos: 0, labels: 0, leftOut, unseen };
  if (names.length < 2) return empty;
  const scale = seen.scale();
  const rowOf = (item: number): Float32Array => seen.scaled([(items[item] as Item).row], scale);
  const heads = yield* learnHeads(seen.width, dealt, rowOf);
  const source = scoresOf(dealt, heads, rowOf);
  const run = findLabelIssues(source);
  let step = run.next();
  for (; step.done !== true; step = run.next()) yield LEARNT + (1 - LEARNT) * step.value;
  const errors = yield* describe(step.value, source, dealt);
  return { ...empty, errors: errors.sort(byDoubt), photos: items.length, labels: names.length };
}

const RULES: readonly (readonly [number, DoubtRule])[] = [
  [NOISE_RATE, 'noise-rate'],
  [CLASS, 'class'],
  [CONFIDENT, 'confident'],
];

function* describe(
  issues: LabelIssues,
  { labels, read }: ScoreSource,
  { names, items }: LabelFolds,
): Generator<number, LabelError[]> {
  const scores = new Float32Array(names.length);
  const errors: LabelError[] = [];
  for (const [item, rules] of issues.rules.entries()) {
    if (rules === 0) continue;
    if (errors.length % PIECE === 0) yield 1;
    read(item, scores);
    const given = labels[item] as number;
    errors.push({
      photo: (items[item] as Item).photo,
      given: names[given] as string,
      suggested: names[issues.best[item] as number] as string,
      selfConfidence: selfConfidence(scores, given),
      margin: normalisedMargin(scores, given),
      rules: RULES.flatMap(([bit, rule]) => ((rules & bit) === 0 ? [] : [rule])),
    });
  }
  return errors;
}

function byDoubt(a: LabelError, b: LabelError): number {
  return (
    b.rules.length - a.rules.length || a.selfConfidence - b.selfConfidence || compareText(a.photo, b.photo)
  );
}

type RowOf = (item: number) => Float32Array;

/** One head a fold, which learnt from all the others. */
function* learnHeads(
  width: number,
  { names, items, labels, folds }: LabelFolds,
  rowOf: RowOf,
): Generator<number, readonly SoftmaxHead[]> {
  const parts = Array.from({ length: FOLDS }, () => new Moments(width, names.length));
  for (let item = 0; item < items.length; item++) {
    if (item % PIECE === 0) yield (LEARNT * item) / items.length;
    parts[folds[item] as number]?.add(rowOf(item), labels[item] as number);
  }
  const heads: SoftmaxHead[] = [];
  for (const own of parts) {
    yield LEARNT;
    const others = new Moments(width, names.length);
    for (const part of parts) if (part !== own) others.addAll(part);
    heads.push(discriminantHead(others));
  }
  return heads;
}

/** What the heads make of photos that they never saw. */
function scoresOf(
  { names, labels, folds }: LabelFolds,
  heads: readonly SoftmaxHead[],
  rowOf: RowOf,
): ScoreSource {
  const headOf = (item: number): SoftmaxHead => heads[folds[item] as number] as SoftmaxHead;
  /** Logarithms of what each row's exponentials add up to. */
  const totals = new Float64Array(labels.length);
  return {
    classes: names.length,
    labels,
    read: (item, out) => {
      const row = rowOf(item);
      scoreRow(headOf(item), row, 0, out);
      const best = bestOf(out);
      totals[item] = logit(headOf(item), row, 0, best) - Math.log(out[best] as number);
    },
    at: (item, label) => Math.exp(logit(headOf(item), rowOf(item), 0, label) - (totals[item] as number)),
  };
}

function bestOf(scores: Float32Array): number {
  let best = 0;
  for (let c = 1; c < scores.length; c++) if ((scores[c] as number) > (scores[best] as number)) best = c;
  return best;
}
