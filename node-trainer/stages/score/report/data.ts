import type { DataSet } from '#shared/schema/dataset.ts';
import type { GateResult } from '#shared/schema/gate.ts';
import type { Metrics, SetMetrics } from '#shared/schema/metrics.ts';
import type { PhotoId } from '#shared/schema/names.ts';
import type { Origin } from '#shared/schema/photo.ts';
import type { TrainingFacts } from '#shared/schema/training.ts';

/** Everything that the report shows. All of it comes from files of the run and of the model store. */
export interface ReportData {
  /** Name of the library. */
  readonly library: string;
  /** When the training ended, ISO 8601. */
  readonly trainedAt: string;
  readonly metrics: Metrics;
  readonly gate: GateResult | null;
  readonly training: TrainingFacts;
  readonly dataSet: DataSet;
  /** Names of benchmarks by their ids. */
  readonly benchmarkNames: ReadonlyMap<string, string>;
  readonly photos: ReadonlyMap<PhotoId, ReportPhoto>;
  /** Other models that the run can be weighed against. */
  readonly rivals: readonly Rival[];
  /** Bytes that guests download. */
  readonly downloadBytes: number;
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[];
  /** Settings, machine and hashes, as name and value. */
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly machine: readonly (readonly [name: string, value: string])[];
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

export interface ReportPhoto {
  readonly fileName: string;
  readonly origin: Origin;
  /** What a person said it shows; null where nobody has. */
  readonly label: string | null;
  /** Small picture as a data URI; null where it can't be had or there is no room left. */
  readonly thumbnail: string | null;
}

/** Another model: what is in production, or a version that looked at the same photos. */
export interface Rival {
  readonly title: string;
  readonly downloadBytes: number | null;
  readonly parameters: number | null;
  readonly metrics: Metrics;
  /** Did it look at this run's photos, or are these the figures of its own publishing? */
  readonly samePhotos: boolean;
}

/** The best witness there is: the test set, else validation, else training; undefined where no set has photos. */
export function witnessOf({ sets }: Pick<Metrics, 'sets'>): SetMetrics | undefined {
  return ['test', 'validation', 'training']
    .map((name) => sets.find((set) => set.name === name && set.summary.images > 0))
    .find((set) => set !== undefined);
}

/** Names of labels by their ids. */
export function namesOf({ labels }: Pick<Metrics, 'labels'>): (id: string) => string {
  const names = new Map<string, string>(labels.map((label) => [label.id, label.name]));
  return (id) => names.get(id) ?? id;
}

/** `benchmark:pranks` → `Benchmark “Pranks”`; `test` → `Test`. */
export function titleOf(data: Pick<ReportData, 'benchmarkNames'>, set: string): string {
  const id = /^benchmark:(.*)$/s.exec(set)?.[1];
  if (id === undefined) return set.charAt(0).toUpperCase() + set.slice(1);
  return `Benchmark “${data.benchmarkNames.get(id) ?? id}”`;
}
