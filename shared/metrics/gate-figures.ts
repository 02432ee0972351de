import type { BenchmarkKind } from '../schema/benchmark.ts';
import type { SetSummary } from '../schema/model.ts';
import type { ModelVersion } from '../schema/names.ts';
import type { BenchmarkSummary } from './benchmark-summary.ts';

/** What the gate looks at of one set of photos. */
export interface SetFigures {
  /** As in `metrics.json`: `test`, `benchmark:shade`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Null for training, validation and test. */
  readonly benchmark: BenchmarkKind | null;
  readonly summary: SetSummary;
  readonly spread: BenchmarkSummary | null;
  /** Identity of its photos and their true classes: figures of two models compare only where it is the same. */
  readonly pictures: string;
  /** Photos that the model was trained on before they became a benchmark: they flatter it. */
  readonly learnt?: number;
}

/** What the gate looks at of one model. */
export interface ModelFigures {
  readonly threshold: number;
  /** Fingerprint of the commonly-confused table behind the weighted log loss. */
  readonly confusedTable: string;
  readonly sets: readonly SetFigures[];
}

/** What guests have now. */
export type Production =
  | { readonly kind: 'none' }
  /** Something is published, but what it is can't be told: that is no reason to pass. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | {
      readonly kind: 'known';
      readonly version: ModelVersion;
      readonly figures: ModelFigures;
      /** Where both models were run over the same photos; null where only what was published is known. */
      readonly loss: LossComparison | null;
    };

/** Weighted log losses of the new model and of production, in nats, over the same photos. */
export type LossComparison =
  | {
      readonly kind: 'compared';
      /** `test` or `validation`. */
      readonly set: string;
      /** Photos of a class that both models know and that neither learnt from, out of how many in the set. */
      readonly images: number;
      readonly of: number;
      readonly measured: number;
      readonly production: number;
    }
  | { readonly kind: 'not-comparable'; readonly reason: string };
