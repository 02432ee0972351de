/** Reads what versions came with, and score matrices, off the page; of these only the outcomes stay. */
import type { RowsQuestion } from '#shared/metrics/score-rows.ts';
import type { WhatIf } from '#shared/metrics/what-if.ts';
import type { Listed, Progress } from '../storage/model-fetch.ts';
import { type KnownVersion, openPicked, openPublished } from './open-scores.ts';
import { readFacts, type VersionFacts } from './read-evidence.ts';
import { ScoresRefused } from './read-scores.ts';
import type { ScoreDesk, ScoresFacts } from './score-desk.ts';
import { handOver, serve } from './spawn.ts';

/** Told at most this often: each call crosses to the page. */
const TOLD_EVERY_MS = 100;
/** Work that is not wanted any more is ended with the worker. */
const NEVER = new AbortController().signal;

let desk: ScoreDesk | null = null;

const api = {
  facts: (published: Listed): Promise<VersionFacts> => readFacts(published, NEVER),
  openVersion: async (published: Listed, progress: Progress): Promise<ScoresFacts> => {
    desk = await openPublished(published, seldom(progress), NEVER);
    return desk.facts;
  },
  openFiles: async (
    files: readonly File[],
    known: readonly KnownVersion[],
    progress: Progress,
  ): Promise<ScoresFacts> => {
    desk = await openPicked(files, known, seldom(progress), NEVER);
    return desk.facts;
  },
  figures: (threshold: number): WhatIf => {
    const figures = opened().figures(threshold);
    return handOver(figures, figures.sets.flatMap(buffersOf));
  },
  photosOf: (question: RowsQuestion, limit: number): ReturnType<ScoreDesk['photosOf']> =>
    opened().photosOf(question, limit),
  topOf: (row: number): ReturnType<ScoreDesk['topOf']> => opened().topOf(row),
  verdicts: (): ReturnType<ScoreDesk['verdicts']> => opened().verdicts(),
};
export type EvidenceApi = typeof api;

/** A worker that broke down is followed by one that knows nothing. */
function opened(): ScoreDesk {
  if (desk) return desk;
  throw new ScoresRefused('The scores are not at hand any more. Open them again.');
}

function buffersOf({ classes, wrongAnswers }: WhatIf['sets'][number]): ArrayBuffer[] {
  const { support, right, wrong, answers } = classes;
  const { truths, guesses, counts } = wrongAnswers;
  return [support, right, wrong, answers, truths, guesses, counts].map((list) => list.buffer);
}

function seldom(progress: Progress): Progress {
  let told = 0;
  return (loaded, total) => {
    const now = performance.now();
    if (now - told < TOLD_EVERY_MS && loaded < total) return;
    told = now;
    progress(loaded, total);
  };
}

serve(api);
