import type { Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE } from './score-table.ts';

/** Images whose best score lies in (from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly images: number;
  /** Mean of the best scores; null in an empty bin. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** As many as Guo et al. 2017 use. */
export const CALIBRATION_BINS = 15;

/** Bins of equal width over the best score of the images in scope, open below and closed above; 0 is in the first. */
export function reliabilityBins(outcomes: Outcomes, bins: number = CALIBRATION_BINS): ReliabilityBin[] {
  const tally = Array.from({ length: bins }, () => ({ images: 0, scores: 0, right: 0 }));
  outcomes.truths.forEach((truth, row) => {
    const score = outcomes.bestScores[row] ?? 0;
    const bin = truth === OUT_OF_SCOPE ? undefined : tally[binOf(score, bins)];
    if (bin === undefined) return;
    bin.images++;
    bin.scores += score;
    if (outcomes.best[row] === truth) bin.right++;
  });
  return tally.map(({ images, scores, right }, i) => ({
    from: i / bins,
    to: (i + 1) / bins,
    images,
    confidence: images === 0 ? null : scores / images,
    accuracy: images === 0 ? null : right / images,
  }));
}

/** The bin with from < score <= to, compared with the very edges that are reported. */
function binOf(score: number, bins: number): number {
  let bin = 0;
  while (bin < bins - 1 && score > (bin + 1) / bins) bin++;
  return bin;
}

/**
 * Expected calibration error (Guo, Pleiss, Sun, Weinberger 2017): the distance of accuracy and mean best score in
 * each bin, weighted by its share of the images. 0 = scores can be read as probabilities. Null without images in scope.
 */
export function expectedCalibrationError(outcomes: Outcomes, bins: number = CALIBRATION_BINS): number | null {
  const filled = reliabilityBins(outcomes, bins);
  const images = filled.reduce((n, bin) => n + bin.images, 0);
  if (images === 0) return null;
  return filled.reduce(
    (sum, bin) => sum + (bin.images / images) * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)),
    0,
  );
}
