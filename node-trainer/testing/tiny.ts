import type { RunRequest } from '../run/open-run.ts';

/** Settings of the smallest run there is: a random network that looks at 32 px, on the engine that repeats exactly. */
export const TINY: Omit<RunRequest, 'run'> = {
  flags: {
    engine: 'cpu',
    architecture: 'mobilenet-v1',
    width: 0.25,
    inputSize: 32,
    minimum: 6,
    epochs: 4,
    batchSize: 8,
    duplicateDistance: 0,
  },
  environment: {},
  resume: false,
  listener: { say: () => undefined, progress: () => undefined },
};
