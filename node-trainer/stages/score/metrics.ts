import type { ConfusedWeights } from '#shared/metrics/confused-weights.ts';
import { fitTemperature, type TemperatureFit } from '#shared/metrics/temperature.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Metrics, SetMetrics } from '#shared/schema/metrics.ts';

import type { Scores } from '../../run/scores-file.ts';
import { measureScores } from './measure.ts';
import { notePictures } from './pictures.ts';
import { setMetrics, type Yardstick } from './set-metrics.ts';

/** What scores are turned into figures with. */
export interface Scoring extends Yardstick {
  readonly weights: ConfusedWeights;
  /** Kinds of the benchmarks, by the names of their sets. */
  readonly kinds: ReadonlyMap<string, BenchmarkKind>;
}

/** All figures of all sets (P5-23 … P5-33), from the stored scores alone. */
export async function metricsOf(scores: Scores, scoring: Scoring): Promise<Metrics> {
  const { index } = scores;
  const temperature = await temperatureOf(scores);
  const sets: SetMetrics[] = [];
  for (const { name, ...range } of index.sets) {
    const measured = await measureScores(scores, range, {
      temperature: temperature.kind === 'fitted' ? temperature.temperature : null,
      weights: scoring.weights,
    });
    const benchmark = scoring.kinds.get(name) ?? null;
    const pictures = await notePictures(scores, range, { ...scoring, outcomes: measured.outcomes });
    sets.push({ ...setMetrics({ name, benchmark }, measured, scoring), pictures });
  }
  return {
    v: 2,
    model: index.model,
    threshold: scoring.threshold,
    labels: [...scoring.labels],
    confusedTable: scoring.weights.fingerprint,
    temperature,
    speed: index.speed,
    unreadable: index.unreadable.length,
    sets,
  };
}

/** Fitted on the validation set: training photos were learnt by heart, test photos are the judge's. */
async function temperatureOf(scores: Scores): Promise<TemperatureFit> {
  const validation = scores.index.sets.find((set) => set.name === 'validation') ?? { from: 0, to: 0 };
  return fitTemperature(() => scores.pieces(validation));
}
