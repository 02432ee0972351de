/**
 * How far a row of softmax values speaks for its given label: the lower, the more the label is doubted. As published with
 * confident learning (Northcutt, Jiang, Chuang 2021; Kuan, Mueller 2022, "Model-agnostic label quality scoring to detect
 * real-world label errors").
 */

/** Keeps zeros out of logarithms and divisions. */
const LEAST = 1e-6;

/** Softmax value of the given label, 0 … 1. */
export function selfConfidence(scores: Float32Array, given: number): number {
  return scores[given] as number;
}

/** How far the given label is ahead of the best other one: 0 hopelessly behind, 0.5 level, 1 alone. */
export function normalisedMargin(scores: Float32Array, given: number): number {
  let best = -Infinity;
  for (let c = 0; c < scores.length; c++)
    if (c !== given && (scores[c] as number) > best) best = scores[c] as number;
  return ((scores[given] as number) - best + 1) / 2;
}

/** 1 where all speaks for the given label, near 0 where it is unsure what it is and sure that it is not that one. */
export function confidenceWeightedEntropy(scores: Float32Array, given: number): number {
  let entropy = 0;
  for (const score of scores) if (score > 0) entropy -= score * Math.log(score);
  const weighted = entropy / Math.log(scores.length) / Math.max(LEAST, scores[given] as number);
  return Math.log(weighted + 1) / Math.max(LEAST, weighted);
}
