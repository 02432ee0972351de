/** What pages may ask about published versions and their scores (P3-01 … P3-27, P5-34, F-19). */
import type { RowsQuestion } from '#shared/metrics/score-rows.ts';
import type { WhatIf } from '#shared/metrics/what-if.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Metrics } from '#shared/schema/metrics.ts';
import type { ModelCard } from '#shared/schema/model.ts';
import type { TrainingFacts } from '#shared/schema/training.ts';

export type { RowsQuestion } from '#shared/metrics/score-rows.ts';
export type { SetAtThreshold, WhatIf } from '#shared/metrics/what-if.ts';

/** Something that a version may have come with; the reason is for people. */
export type Given<T> =
  { readonly kind: 'given'; readonly value: T } | { readonly kind: 'absent'; readonly reason: string };

export interface PublishedVersion {
  readonly version: number;
  readonly publishedAt: string;
  /** Is it the one that guests get? */
  readonly current: boolean;
  /** Absent where it can't be read: a line in the list, not its end. */
  readonly card: Given<ModelCard>;
}

export type VersionsStatus =
  | { readonly kind: 'loading' }
  /** Newest first. */
  | { readonly kind: 'ready'; readonly versions: readonly PublishedVersion[] }
  /** Nothing was ever published. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly message: string };

/** Everything that a version came with but its scores. */
export interface VersionEvidence {
  readonly version: number;
  readonly card: ModelCard;
  readonly metrics: Given<Metrics>;
  /** Phases and epochs, for curves. */
  readonly training: Given<TrainingFacts>;
  /** The full score matrix, where `openScores` finds it beside the version. */
  readonly scores: Given<{ readonly bytes: number }>;
}

/** Where a score matrix is read from. */
export type ScoresSource =
  | { readonly kind: 'version'; readonly version: number }
  /**
   * `scores.npy` and `index.json` of a run folder, `metrics.json` beside them where the kinds of benchmarks are to be
   * known; in any order and by any name.
   */
  | { readonly kind: 'files'; readonly files: readonly File[] };

export interface ScoredSet {
  /** `training`, `validation`, `test` or `benchmark:<id>`. */
  readonly name: string;
  /** Null for other sets, and where nothing tells. */
  readonly kind: BenchmarkKind | null;
  readonly rows: number;
}

/** What the model made of one photo. Classes are columns: places in `labels`. */
export interface ScoredPhoto {
  readonly row: number;
  readonly photo: string;
  readonly set: string;
  /** `OUT_OF_SCOPE` (−1) for a photo that shows none of the classes. */
  readonly truth: number;
  readonly best: number;
  readonly bestScore: number;
  /** 0 out of scope. */
  readonly truthScore: number;
}

/** The outcomes of all rows, set after set, as `sets` has them. */
export interface Verdicts {
  /** 32 bytes a row: `photoIdAt` of `#shared/metrics/photo-ids.ts` reads one. */
  readonly photos: Uint8Array;
  readonly truths: Int32Array;
  readonly best: Int32Array;
  readonly bestScores: Float64Array;
  readonly truthScores: Float64Array;
}

/** A score matrix that was read, checked and boiled down in a worker. Every method rejects in words. */
export interface OpenScores {
  /** The published version that the scores belong to; null for those of a run that is not known here. */
  readonly version: number | null;
  /** In the order of the columns. */
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly sets: readonly ScoredSet[];
  readonly rows: number;
  /** Of the version's card or of the run's figures, else the usual one. */
  readonly threshold: number;
  /** Everything that a threshold (0.5 … 0.999) decides. */
  readonly figures: (threshold: number) => Promise<WhatIf>;
  /** The first of the photos asked for, and how many there are. */
  readonly photosOf: (
    question: RowsQuestion,
    limit: number,
  ) => Promise<{ readonly total: number; readonly photos: readonly ScoredPhoto[] }>;
  /** The five best guesses of a row. */
  readonly topOf: (row: number) => Promise<readonly { readonly label: number; readonly score: number }[]>;
  readonly verdicts: () => Promise<Verdicts>;
  /** Lets go of everything at hand. */
  readonly close: () => void;
}

/** Published versions and what is known of them. */
export interface EvidenceState {
  readonly status: VersionsStatus;
  /** Reads the list and the cards; ends as `status`, never as a rejection. */
  readonly refresh: () => Promise<void>;
  /** Rejects in words where the version is not listed, or its card can't be read. */
  readonly evidence: (version: number, signal: AbortSignal) => Promise<VersionEvidence>;
  /**
   * Reads a matrix, whatever its size, and checks it against its SHA-256. Rejects in words; a version without its matrix
   * says how to open it from the run folder.
   * @param progress told bytes read and bytes in all
   * @throws the signal's reason
   */
  readonly openScores: (
    source: ScoresSource,
    progress: (loadedBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ) => Promise<OpenScores>;
}
