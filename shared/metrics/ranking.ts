import type { Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE, type ScoreTable } from './score-table.ts';

/** How well one class's scores rank its images before the others. Null where the set cannot say. */
export interface ClassRanking {
  /** Images that show the class. */
  readonly support: number;
  /** Area under the ROC curve, one against the rest; null without images of the class or of others. */
  readonly auc: number | null;
  /** Null without images of the class. */
  readonly averagePrecision: number | null;
}

export interface RankingReport {
  readonly classes: readonly ClassRanking[];
  /** Plain mean over the classes that have a figure; null when none has. */
  readonly macroAuc: number | null;
  /** The same weighted by support. */
  readonly weightedAuc: number | null;
  readonly macroAveragePrecision: number | null;
}

/** A ranking of a table that comes in pieces. */
export interface Ranking {
  /** Counts the rows of a piece; each row once, in any order. */
  readonly add: (piece: ScoreTable) => void;
  readonly report: () => RankingReport;
}

/**
 * AUC-ROC and average precision of every class (P5-24), over the rows in scope. Ties as scikit-learn: equal scores
 * are one threshold, so for AUC a tie counts half. For each class only the scores of its own images are sorted; those
 * of all others are counted by binary search as they pass by. So memory grows with the images, not with images ×
 * classes.
 * @param outcomes of the whole table
 */
export function createRanking(outcomes: Outcomes): Ranking {
  const levels = levelsOf(outcomes);
  return {
    add: ({ classes, scores, truths }) => {
      truths.forEach((truth, row) => {
        if (truth === OUT_OF_SCOPE) return;
        for (let column = 0; column < classes; column++)
          if (column !== truth) countOther(levels, column, scores[row * classes + column] ?? 0);
      });
    },
    report: () => reportOf(levels),
  };
}

/** The distinct scores that each class got on its own images, and what lies at and between them. */
interface Levels {
  /** Class c has the levels from `starts[c]` up to `starts[c + 1]`, ascending. */
  readonly starts: Int32Array;
  readonly scores: Float64Array;
  /** Own images at each level. */
  readonly own: Int32Array;
  /** Images of other classes at exactly this level. */
  readonly tied: Int32Array;
  /**
   * Images of other classes at or above the level before and below this one; for class c from `starts[c] + c`, with
   * one more at its end for what is at or above all levels.
   */
  readonly between: Int32Array;
}

function levelsOf({ classes, truths, truthScores }: Outcomes): Levels {
  const sorted = sortedByClass(classes, truths, truthScores);
  const starts = new Int32Array(classes + 1);
  const scores = new Float64Array(truths.length);
  const own = new Int32Array(truths.length);
  let levels = 0;
  sorted.forEach((ofClass, c) => {
    starts[c] = levels;
    ofClass.forEach((score, i) => {
      if (i === 0 || score !== scores[levels - 1]) scores[levels++] = score;
      own[levels - 1] = (own[levels - 1] ?? 0) + 1;
    });
  });
  starts[classes] = levels;
  return { starts, scores, own, tied: new Int32Array(levels), between: new Int32Array(levels + classes) };
}

function sortedByClass(classes: number, truths: Int32Array, scores: Float64Array): Float64Array[] {
  const support = new Int32Array(classes);
  for (const truth of truths) if (truth !== OUT_OF_SCOPE) support[truth] = (support[truth] ?? 0) + 1;
  const byClass = Array.from(support, (n) => new Float64Array(n));
  truths.forEach((truth, row) => {
    const left = (support[truth] ?? 0) - 1;
    const own = byClass[truth];
    if (own === undefined) return;
    own[left] = scores[row] ?? 0;
    support[truth] = left;
  });
  return byClass.map((own) => own.sort());
}

function countOther({ starts, scores, tied, between }: Levels, column: number, score: number): void {
  const start = starts[column] ?? 0;
  let [low, high] = [start, starts[column + 1] ?? 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scores[middle] ?? 0) <= score) low = middle + 1;
    else high = middle;
  }
  between[low + column] = (between[low + column] ?? 0) + 1;
  if (low > start && scores[low - 1] === score) tied[low - 1] = (tied[low - 1] ?? 0) + 1;
}

function reportOf(levels: Levels): RankingReport {
  const classes = Array.from({ length: levels.starts.length - 1 }, (_, c) => rankClass(levels, c));
  const one = (): number => 1;
  const support = (c: ClassRanking): number => c.support;
  return {
    classes,
    macroAuc: mean(classes, (c) => c.auc, one),
    weightedAuc: mean(classes, (c) => c.auc, support),
    macroAveragePrecision: mean(classes, (c) => c.averagePrecision, one),
  };
}

function rankClass({ starts, ...levels }: Levels, c: number): ClassRanking {
  const [from, to] = [starts[c] ?? 0, starts[c + 1] ?? 0];
  const own = levels.own.subarray(from, to);
  const tied = levels.tied.subarray(from, to);
  const between = levels.between.subarray(from + c, to + c + 1);
  const [support, others] = [sum(own), sum(between)];
  if (support === 0) return { support, auc: null, averagePrecision: null };
  return {
    support,
    auc: others === 0 ? null : areaUnderRoc({ own, tied, between }) / (support * others),
    averagePrecision: averagePrecision({ own, between }, support),
  };
}

/** Pairs of an own and another image in the right order, ties counted half. */
function areaUnderRoc({ own, tied, between }: Pick<Levels, 'own' | 'tied' | 'between'>): number {
  let [below, pairs] = [0, 0];
  own.forEach((count, level) => {
    below += between[level] ?? 0;
    pairs += count * (below + (tied[level] ?? 0) / 2);
  });
  return pairs;
}

/** Σ (rise in recall) · precision over the thresholds from high to low, without interpolation. */
function averagePrecision({ own, between }: Pick<Levels, 'own' | 'between'>, support: number): number {
  let [found, others, total] = [0, 0, 0];
  for (let level = own.length - 1; level >= 0; level--) {
    const count = own[level] ?? 0;
    found += count;
    others += between[level + 1] ?? 0;
    total += (count / support) * (found / (found + others));
  }
  return total;
}

function mean(
  classes: readonly ClassRanking[],
  valueOf: (c: ClassRanking) => number | null,
  weightOf: (c: ClassRanking) => number,
): number | null {
  let [sum, weight] = [0, 0];
  for (const c of classes) {
    const value = valueOf(c);
    if (value === null) continue;
    sum += value * weightOf(c);
    weight += weightOf(c);
  }
  return weight === 0 ? null : sum / weight;
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
