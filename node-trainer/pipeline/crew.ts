import { Worker } from 'node:worker_threads';

import { PhotoError } from '../io/photo-error.ts';
import { type Order, type Reply, STATE, type WorkerStart } from './messages.ts';

type Made = Extract<Reply, { kind: 'made' }>;

/** Workers that make batches side by side. */
export interface Crew {
  /**
   * Gives one batch to the worker with the least to do.
   * @throws PhotoError naming the file that could not be used, or at which a worker died
   */
  readonly make: (order: Omit<Order, 'id'>) => Promise<Made>;
  /** Ends all workers after the photo that each is at. */
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly done: (made: Made) => void;
  readonly failed: (error: Error) => void;
}

interface Member {
  readonly busy: () => number;
  readonly make: (order: Order) => Promise<Made>;
  /** Tells it to end; resolves when it has. */
  readonly end: () => Promise<void>;
}

const FRONT_DOOR = new URL('../bin/decode-worker.mjs', import.meta.url);

/**
 * Starts `count` workers.
 * @param door what a worker runs
 */
export function startCrew(start: Omit<WorkerStart, 'state'>, count: number, door: URL = FRONT_DOOR): Crew {
  const members = Array.from({ length: count }, () => startMember(start, door));
  let nextId = 0;
  return {
    make: (order) => {
      const idlest = members.reduce((a, b) => (b.busy() < a.busy() ? b : a));
      return idlest.make({ id: nextId++, ...order });
    },
    close: async () => {
      await Promise.all(members.map((m) => m.end()));
    },
  };
}

function startMember(start: Omit<WorkerStart, 'state'>, door: URL): Member {
  const state = new Int32Array(new SharedArrayBuffer(8));
  state[STATE.row] = -1;
  const workerData: WorkerStart = { ...start, state };
  const worker = new Worker(door, { workerData, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let gone: Error | null = null;
  const leave = (error: Error): void => {
    gone ??= error;
    for (const { failed } of waiting.values()) failed(gone);
    waiting.clear();
  };
  worker.on('message', (reply: Reply) => {
    const { done, failed } = waiting.get(reply.id) ?? {};
    waiting.delete(reply.id);
    if (reply.kind === 'made') done?.(reply);
    else failed?.(new PhotoError(reply.code, reply.message));
  });
  worker.on('error', (error) => {
    leave(diedAt(start, state, error.message));
  });
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      leave(diedAt(start, state, `exit code ${code}`));
      resolve();
    });
  });
  return {
    busy: () => waiting.size,
    make: (order) =>
      new Promise((done, failed) => {
        if (gone) {
          failed(gone);
          return;
        }
        waiting.set(order.id, { done, failed });
        worker.postMessage(order);
      }),
    end: () => {
      leave(new Error('The pipeline of photos was closed.'));
      Atomics.store(state, STATE.stop, 1);
      worker.postMessage('end');
      return exited;
    },
  };
}

function diedAt({ items }: Omit<WorkerStart, 'state'>, state: Int32Array, why: string): PhotoError {
  const file = items[Atomics.load(state, STATE.row)]?.path;
  const place = file === undefined ? 'before its first photo' : `at ${file}`;
  return new PhotoError('worker', `A worker that prepares photos died ${place} (${why}).`);
}
