import type { ArchiveApi } from '../workers/archive.worker.ts';
import type { ImportApi } from '../workers/import.worker.ts';
import type { PlanApi } from '../workers/plan.worker.ts';
import { createPool } from '../workers/pool.ts';
import { spawn, type TypedWorker } from '../workers/spawn.ts';

/** Workers are ended after this long without work. */
const IDLE_MS = 10_000;
/** The planner's worker keeps the photos' records at hand while somebody turns its knobs. */
const PLAN_IDLE_MS = 60_000;
const MOST_WORKERS = 4;
/** Pictures under way in each: the browser decodes and encodes them beside the worker's own thread. */
const DEPTH = 2;

/** The library's workers; none runs before its first job. */
export interface LibraryWorkers {
  readonly images: TypedWorker<ImportApi>;
  readonly archives: TypedWorker<ArchiveApi>;
  readonly plans: TypedWorker<PlanApi>;
  /** Pictures prepared at the same time. */
  readonly lanes: number;
}

export function createLibraryWorkers(): LibraryWorkers {
  const workers = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency));
  const startImport = (): Worker =>
    new Worker(new URL('../workers/import.worker.ts', import.meta.url), { type: 'module' });
  const startArchive = (): Worker =>
    new Worker(new URL('../workers/archive.worker.ts', import.meta.url), { type: 'module' });
  const startPlan = (): Worker =>
    new Worker(new URL('../workers/plan.worker.ts', import.meta.url), { type: 'module' });
  return {
    lanes: workers * DEPTH,
    images: createPool<ImportApi>(startImport, workers, IDLE_MS, DEPTH),
    archives: spawn<ArchiveApi>(startArchive, IDLE_MS),
    plans: spawn<PlanApi>(startPlan, PLAN_IDLE_MS),
  };
}
