/** What a network says of one class. */
export interface Evidence {
  /** Softmax value 0…1. */
  readonly score: number;
  /**
   * Logarithm of the odds, class against all others. Unlike the score it does not stick at 1: a network that is 99.9 %
   * sure with and without an ear still shows what the ear was worth.
   */
  readonly odds: number;
}

/** Below this a float32 softmax is zero, and its logarithm none. */
const LEAST = 1e-30;

/** @param scores softmax over all classes. The others are added up, since 1 − score would lose what is small. */
export function evidenceOf(scores: ArrayLike<number>, index: number): Evidence {
  let others = 0;
  for (let i = 0; i < scores.length; i++) if (i !== index) others += scores[i] as number;
  const score = scores[index] ?? 0;
  return { score, odds: Math.log(Math.max(LEAST, score)) - Math.log(Math.max(LEAST, others)) };
}
