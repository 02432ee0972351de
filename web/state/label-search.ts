import type { LearnApi } from '../workers/learn.worker.ts';
import type { Remote } from '../workers/spawn.ts';
import type { LabelErrors, LearningState } from './contract.ts';

/** It looks in pieces of so long, so that a question in between is answered soon. */
const PIECE_MS = 40;

type Ask = <R>(job: (api: Remote<LearnApi>) => Promise<R>) => Promise<R>;

/** Looks for wrong labels, one piece after the other; the worker keeps what it knows when it is cancelled. */
export async function searchLabelErrors(
  ask: Ask,
  { progress, signal }: Parameters<LearningState['labelErrors']>[0],
): Promise<LabelErrors> {
  const number = await ask((api) => api.beginSearch());
  try {
    for (;;) {
      signal.throwIfAborted();
      const { share, found } = await ask((api) => api.search(number, PIECE_MS));
      progress(share);
      if (found) return found;
    }
  } finally {
    // Where all was stopped meanwhile there is nobody left to be told.
    await ask((api) => api.endSearch(number)).catch(() => undefined);
  }
}
