import { spawn, type Remote, type TypedWorker } from './spawn.ts';

/**
 * Several workers of one kind; a job goes to the one with the fewest waiting.
 * @param depth jobs under way in each of them (see `spawn`)
 */
export function createPool<Api>(
  create: () => Worker,
  size: number,
  idleMs: number,
  depth = 1,
): TypedWorker<Api> {
  const lanes = Array.from({ length: size }, () => ({ worker: spawn<Api>(create, idleMs, depth), load: 0 }));
  return {
    run: async <R>(signal: AbortSignal, job: (api: Remote<Api>) => Promise<R>): Promise<R> => {
      const lane = lanes.reduce((best, next) => (next.load < best.load ? next : best));
      lane.load += 1;
      try {
        return await lane.worker.run(signal, job);
      } finally {
        lane.load -= 1;
      }
    },
    end: () => {
      for (const lane of lanes) lane.worker.end();
    },
  };
}
