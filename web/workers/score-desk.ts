/** Questions about scores that were read: answered from what stays of them in memory. */
import { type Outcomes, outcomesIn } from '#shared/metrics/outcomes.ts';
import { photoIdAt } from '#shared/metrics/photo-ids.ts';
import { type RowRange, rowsWhere, type RowsQuestion } from '#shared/metrics/score-rows.ts';
import { topFiveAt } from '#shared/metrics/top-five.ts';
import { prepareWhatIf, type WhatIf } from '#shared/metrics/what-if.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Targets } from '#shared/schema/gate.ts';
import type { ReadScores } from './read-scores.ts';

/** How scores are judged: what the matrix does not tell by itself. */
export interface Judging {
  /** The published version that they belong to; null for none that is known. */
  readonly version: number | null;
  readonly threshold: number;
  readonly targets: Targets;
  readonly kindOf: (set: string) => BenchmarkKind | null;
}

/** What was opened. */
export interface ScoresFacts {
  readonly version: number | null;
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly sets: readonly {
    readonly name: string;
    readonly kind: BenchmarkKind | null;
    readonly rows: number;
  }[];
  readonly rows: number;
  readonly threshold: number;
}

/** One photo and what was made of it. */
export interface RowFacts {
  readonly row: number;
  readonly photo: string;
  readonly set: string;
  readonly truth: number;
  readonly best: number;
  readonly bestScore: number;
  readonly truthScore: number;
}

export interface ScoreDesk {
  readonly facts: ScoresFacts;
  readonly figures: (threshold: number) => WhatIf;
  readonly photosOf: (
    question: RowsQuestion,
    limit: number,
  ) => { readonly total: number; readonly photos: readonly RowFacts[] };
  readonly topOf: (row: number) => readonly { readonly label: number; readonly score: number }[];
  readonly verdicts: () => AllRows;
}

/** The outcomes of all rows. */
export interface AllRows extends Pick<Outcomes, 'truths' | 'best' | 'bestScores' | 'truthScores'> {
  /** Packed ids. */
  readonly photos: Uint8Array;
}

export function createDesk(scores: ReadScores, judging: Judging): ScoreDesk {
  const { index, outcomes, photos, top } = scores;
  const sets = index.sets.map(({ name, from, to }) => ({ name, from, to, kind: judging.kindOf(name) }));
  const step = prepareWhatIf(
    sets.map(({ name, kind, from, to }) => ({ name, kind, outcomes: outcomesIn(outcomes, from, to) })),
    judging.targets,
  );
  const factsOf = (row: number): RowFacts => ({
    row,
    photo: photoIdAt(photos, row),
    set: sets.find(({ from, to }) => row >= from && row < to)?.name ?? '',
    truth: outcomes.truths[row] ?? 0,
    best: outcomes.best[row] ?? 0,
    bestScore: outcomes.bestScores[row] ?? 0,
    truthScore: outcomes.truthScores[row] ?? 0,
  });
  return {
    facts: {
      version: judging.version,
      labels: index.labels.map((id, column) => ({ id, name: index.names[column] ?? id })),
      sets: sets.map(({ name, kind, from, to }) => ({ name, kind, rows: to - from })),
      rows: index.rows,
      threshold: judging.threshold,
    },
    figures: step,
    photosOf: (question, limit) => {
      const rows = rowsWhere(outcomes, rangeOf(sets, index.rows, question.set), question);
      return { total: rows.length, photos: Array.from(rows.subarray(0, limit), factsOf) };
    },
    topOf: (row) => topFiveAt(top, row),
    verdicts: () => {
      const { truths, best, bestScores, truthScores } = outcomes;
      return { photos, truths, best, bestScores, truthScores };
    },
  };
}

/** The rows of a set; none of one that is not there. */
function rangeOf(
  sets: readonly ({ readonly name: string } & RowRange)[],
  rows: number,
  set: string | null,
): RowRange {
  if (set === null) return { from: 0, to: rows };
  return sets.find(({ name }) => name === set) ?? { from: 0, to: 0 };
}
