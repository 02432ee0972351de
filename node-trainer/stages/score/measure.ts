import type { ConfusedWeights } from '#shared/metrics/confused-weights.ts';
import { weightedLogLoss } from '#shared/metrics/log-loss.ts';
import { joinOutcomes, type Outcomes, outcomesOf } from '#shared/metrics/outcomes.ts';
import { createRanking, type RankingReport } from '#shared/metrics/ranking.ts';
import { withTemperature } from '#shared/metrics/temperature.ts';

import type { RowRange, Scores } from '../../run/scores-file.ts';

/** What one set's scores come to: all that the metrics are made of, without the scores themselves. */
export interface Measured {
  readonly outcomes: Outcomes;
  /** The same with the fitted temperature; null where there is none. */
  readonly tempered: Outcomes | null;
  readonly weightedLogLoss: number | null;
  readonly ranking: RankingReport;
}

/**
 * Reads a set's rows twice, piece by piece: the second time the ranking knows what to count. Memory holds one piece and
 * a few numbers an image, so a matrix may be larger than memory (P5-21).
 */
export async function measureScores(
  scores: Scores,
  range: RowRange,
  given: { readonly temperature: number | null; readonly weights: ConfusedWeights },
): Promise<Measured> {
  const { temperature } = given;
  const classes = scores.index.labels.length;
  const [parts, temperedParts]: [Outcomes[], Outcomes[]] = [[], []];
  const loss = weightedLogLoss(given.weights);
  for await (const piece of scores.pieces(range)) {
    parts.push(outcomesOf(piece));
    loss.add(piece);
    if (temperature !== null) temperedParts.push(outcomesOf(withTemperature(piece, temperature)));
  }
  const outcomes = joinOutcomes(classes, parts);
  const ranking = createRanking(outcomes);
  for await (const piece of scores.pieces(range)) ranking.add(piece);
  return {
    outcomes,
    tempered: temperature === null ? null : joinOutcomes(classes, temperedParts),
    weightedLogLoss: loss.mean(),
    ranking: ranking.report(),
  };
}
