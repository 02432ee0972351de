import { rowsInScope, scoreAt, truthAt, type ScoreTable } from './score-table.ts';

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

/**
 * AUC-ROC and average precision of every class (P5-24), over the rows in scope. Ties as scikit-learn: equal scores
 * are one threshold, so for AUC a tie counts half. For each class only its own scores are sorted; the others are
 * counted by binary search.
 */
export function rankingReport(table: ScoreTable): RankingReport {
  const rows = rowsInScope(table);
  const byClass = Array.from({ length: table.classes }, (): number[] => []);
  for (const row of rows) byClass[truthAt(table, row)]?.push(row);
  const classes = byClass.map((own, c) => rankClass(table, rows, own, c));
  return {
    classes,
    macroAuc: mean(
      classes,
      (c) => c.auc,
      () => 1,
    ),
    weightedAuc: mean(
      classes,
      (c) => c.auc,
      (c) => c.support,
    ),
    macroAveragePrecision: mean(
      classes,
      (c) => c.averagePrecision,
      () => 1,
    ),
  };
}

function rankClass(
  table: ScoreTable,
  rows: readonly number[],
  own: readonly number[],
  column: number,
): ClassRanking {
  const support = own.length;
  if (support === 0) return { support, auc: null, averagePrecision: null };
  const levels = levelsOf(own.map((row) => scoreAt(table, row, column)));
  for (const row of rows) if (truthAt(table, row) !== column) countOther(levels, scoreAt(table, row, column));
  const others = rows.length - support;
  return {
    support,
    auc: others === 0 ? null : areaUnderRoc(levels) / (support * others),
    averagePrecision: averagePrecision(levels, support),
  };
}

/** The distinct scores of a class's own images, ascending, with what lies at and between them. */
interface Levels {
  readonly scores: readonly number[];
  /** Own images at each level. */
  readonly own: number[];
  /** Images of other classes at exactly this level. */
  readonly tied: number[];
  /** Images of other classes at or above level i − 1 and below level i; the last entry is at or above all. */
  readonly between: number[];
}

function levelsOf(scores: readonly number[]): Levels {
  const sorted = Float64Array.from(scores).sort();
  const levels: number[] = [];
  const own: number[] = [];
  for (const score of sorted) {
    if (levels.at(-1) === score) own.push((own.pop() ?? 0) + 1);
    else {
      levels.push(score);
      own.push(1);
    }
  }
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  return { scores: levels, own, tied: zeros(levels.length), between: zeros(levels.length + 1) };
}

function countOther({ scores, tied, between }: Levels, score: number): void {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scores[middle] ?? 0) <= score) low = middle + 1;
    else high = middle;
  }
  between[low] = (between[low] ?? 0) + 1;
  if (scores[low - 1] === score) tied[low - 1] = (tied[low - 1] ?? 0) + 1;
}

/** Pairs of an own and another image in the right order, ties counted half. */
function areaUnderRoc({ own, tied, between }: Levels): number {
  let [below, pairs] = [0, 0];
  own.forEach((count, level) => {
    below += between[level] ?? 0;
    pairs += count * (below + (tied[level] ?? 0) / 2);
  });
  return pairs;
}

/** Σ (rise in recall) · precision over the thresholds from high to low, without interpolation. */
function averagePrecision({ own, between }: Levels, support: number): number {
  let [found, others, sum] = [0, 0, 0];
  for (let level = own.length - 1; level >= 0; level--) {
    const count = own[level] ?? 0;
    found += count;
    others += between[level + 1] ?? 0;
    sum += (count / support) * (found / (found + others));
  }
  return sum;
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
