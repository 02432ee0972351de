import { OUT_OF_SCOPE, type ScoreTable } from './score-table.ts';

/**
 * What the scores of each image come down to: enough for every metric but the weighted log loss and the rankings. 28
 * bytes an image, however many classes there are, so it stays in memory where the scores do not.
 */
export interface Outcomes {
  readonly classes: number;
  /** Class of each image, or `OUT_OF_SCOPE`. */
  readonly truths: Int32Array;
  /** Column of the best score; among equals the lowest, as numpy's argmax. */
  readonly best: Int32Array;
  readonly bestScores: Float64Array;
  /** Score of the true class; 0 out of scope. */
  readonly truthScores: Float64Array;
  /** Columns that rank before the true one; of equal scores the lower column ranks first. 0 out of scope. */
  readonly ranks: Int32Array;
  /** Machine epsilon of the scores' type. */
  readonly epsilon: number;
}

export function outcomesOf({ classes, scores, truths }: ScoreTable): Outcomes {
  const rows = truths.length;
  const [best, ranks] = [new Int32Array(rows), new Int32Array(rows)];
  const [bestScores, truthScores] = [new Float64Array(rows), new Float64Array(rows)];
  truths.forEach((truth, row) => {
    const of = scores.subarray(row * classes, (row + 1) * classes);
    const top = argmax(of);
    best[row] = top;
    bestScores[row] = of[top] ?? 0;
    if (truth === OUT_OF_SCOPE) return;
    truthScores[row] = of[truth] ?? 0;
    ranks[row] = rankOf(of, truth);
  });
  const epsilon = scores instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
  return { classes, truths, best, bestScores, truthScores, ranks, epsilon };
}

/** The outcomes of a set that was looked at piece by piece, in order. */
export function joinOutcomes(classes: number, parts: readonly Outcomes[]): Outcomes {
  return {
    classes,
    truths: Int32Array.from(joined(parts, (p) => p.truths)),
    best: Int32Array.from(joined(parts, (p) => p.best)),
    bestScores: joined(parts, (p) => p.bestScores),
    truthScores: joined(parts, (p) => p.truthScores),
    ranks: Int32Array.from(joined(parts, (p) => p.ranks)),
    epsilon: Math.max(Number.EPSILON, ...parts.map((p) => p.epsilon)),
  };
}

/** Images that show a class of the model. */
export function inScope({ truths }: Outcomes): number {
  let images = 0;
  for (const truth of truths) if (truth !== OUT_OF_SCOPE) images++;
  return images;
}

/** Images that show each class, by column. */
export function tallySupport({ classes, truths }: Outcomes): Int32Array<ArrayBuffer> {
  const support = new Int32Array(classes);
  for (const truth of truths) if (truth !== OUT_OF_SCOPE) support[truth] = (support[truth] ?? 0) + 1;
  return support;
}

/** The outcomes of some rows; the arrays are views. */
export function outcomesIn(outcomes: Outcomes, from: number, to: number): Outcomes {
  return {
    ...outcomes,
    truths: outcomes.truths.subarray(from, to),
    best: outcomes.best.subarray(from, to),
    bestScores: outcomes.bestScores.subarray(from, to),
    truthScores: outcomes.truthScores.subarray(from, to),
    ranks: outcomes.ranks.subarray(from, to),
  };
}

function argmax(scores: ScoreTable['scores']): number {
  let [top, best] = [0, scores[0] ?? 0];
  for (let column = 1; column < scores.length; column++) {
    const score = scores[column] ?? 0;
    if (score > best) [top, best] = [column, score];
  }
  return top;
}

function rankOf(scores: ScoreTable['scores'], truth: number): number {
  const own = scores[truth] ?? 0;
  let rank = 0;
  for (let column = 0; column < scores.length; column++) {
    const score = scores[column] ?? 0;
    if (score > own || (score === own && column < truth)) rank++;
  }
  return rank;
}

function joined(parts: readonly Outcomes[], of: (part: Outcomes) => Int32Array | Float64Array): Float64Array {
  const all = new Float64Array(parts.reduce((rows, part) => rows + part.truths.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(of(part), at);
    at += part.truths.length;
  }
  return all;
}
