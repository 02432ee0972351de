import type { LearnApi } from '../workers/learn.worker.ts';
import { spawn, type TypedWorker } from '../workers/spawn.ts';
import type { Eyes } from './contract.ts';
import { Sayer } from './sayings.ts';

/** Learning from `start` to `stop`: what is known of the worker's side, and what it is still to be told. */
export interface Visit {
  readonly eyes: Pick<Eyes, 'version' | 'network'>;
  readonly controller: AbortController;
  readonly sayer: Sayer;
  /** Photos whose features were stored. */
  readonly fresh: Set<string>;
  /** Photos whose features hold no longer. */
  readonly forgotten: Set<string>;
  /** Ends when all features are read. */
  reading: Promise<void>;
  /** Whether it learns from labels, or only compares. */
  learns: boolean;
  /** The worker was told what it has not learnt from. */
  news: boolean;
  /** Doubted photos that the worker was told of. */
  doubts: readonly string[] | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** It learns right now. */
  busy: boolean;
}

export function createVisit(eyes: Pick<Eyes, 'version' | 'network'>, learns: boolean): Visit {
  return {
    eyes,
    controller: new AbortController(),
    sayer: new Sayer(),
    fresh: new Set(),
    forgotten: new Set(),
    reading: Promise.resolve(),
    learns,
    news: false,
    doubts: null,
    timer: undefined,
    busy: false,
  };
}

/** It keeps what it knows for as long as somebody labels, so it is never ended for idleness. */
export function startLearner(): TypedWorker<LearnApi> {
  return spawn<LearnApi>(
    () => new Worker(new URL('../workers/learn.worker.ts', import.meta.url), { type: 'module' }),
    null,
  );
}
