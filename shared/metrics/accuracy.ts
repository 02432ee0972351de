import { inScope, type Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE } from './score-table.ts';

/** Share of the images in scope whose best score is their true class; null without such images. */
export function accuracy(outcomes: Outcomes): number | null {
  return topK(outcomes, 1);
}

/**
 * Share of the images in scope whose true class is among the `k` best; null without such images.
 * Of equal scores the lower column ranks first.
 */
export function topK(outcomes: Outcomes, k: number): number | null {
  const images = inScope(outcomes);
  if (images === 0) return null;
  let found = 0;
  outcomes.truths.forEach((truth, row) => {
    if (truth !== OUT_OF_SCOPE && (outcomes.ranks[row] ?? k) < k) found++;
  });
  return found / images;
}
