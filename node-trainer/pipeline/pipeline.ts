import { totalmem } from 'node:os';

import type { AugmentOptions } from '#shared/schema/augment.ts';
import type { Preprocessing } from '#shared/schema/model.ts';

import { startCrew } from './crew.ts';
import { holdPixels } from './held-pixels.ts';
import type { PipelineItem } from './messages.ts';

export interface PipelineOptions {
  readonly items: readonly PipelineItem[];
  readonly preprocessing: Preprocessing;
  /** null: photos as they are. */
  readonly augmentation: AugmentOptions | null;
  readonly seed: number;
  /** Threads; at least 1. */
  readonly workers: number;
  /** Most batches made before they are asked for; default: two for each worker, and at least four. */
  readonly ahead?: number;
  /** Most bytes of decoded photos kept in memory for the next epoch; default: an eighth of the machine's. */
  readonly holdBytes?: number;
}

/** Network input of some photos. */
export interface Batch {
  readonly rows: readonly number[];
  /** [rows, size, size, 3]. */
  readonly images: Float32Array<ArrayBuffer>;
}

/** How long the consumer had nothing to do but wait for photos. */
interface Waited {
  readonly waitedSeconds: number;
  /** From the first batch that was asked for to the last that was taken, over all calls of `batches`. */
  readonly totalSeconds: number;
}

/** Photos on their way to the network: read, varied and scaled in worker threads while a training step runs. */
export interface Pipeline {
  /**
   * Batches in the order of `rows`; the next ones are made while the consumer works, never more than `ahead` of them.
   * What a photo looks like depends on seed, epoch and row alone.
   * @throws PhotoError naming a photo that can't be used; the signal's reason when it is aborted
   */
  readonly batches: (
    epoch: number,
    rows: readonly (readonly number[])[],
    signal?: AbortSignal,
  ) => AsyncIterable<Batch>;
  readonly waited: () => Waited;
  /** Ends the workers. Batches that nobody has taken yet are lost. */
  readonly close: () => Promise<void>;
}

/** Starts the workers; they live until `close`. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { items, preprocessing, augmentation, seed, workers } = options;
  const ahead = options.ahead ?? Math.max(4, workers * 2);
  const crew = startCrew({ items, preprocessing, augmentation, seed }, workers);
  const held = holdPixels(options.holdBytes ?? memory() / 8);
  const clock = { waited: 0, total: 0 };

  const make = async (epoch: number, rows: readonly number[]): Promise<Batch> => {
    const photos = rows.map((row) => ({ row, held: held.get(row) }));
    const { images, decoded } = await crew.make({ epoch, photos, keep: held.hasRoom() });
    for (const d of decoded) held.add(d.row, d.held);
    return { rows, images };
  };

  async function* batches(
    epoch: number,
    rows: readonly (readonly number[])[],
    signal?: AbortSignal,
  ): AsyncGenerator<Batch> {
    const begun = performance.now();
    let idleSince = begun;
    const queue: Promise<Batch>[] = [];
    let next = 0;
    const fill = (): void => {
      while (queue.length < ahead && next < rows.length) {
        const batch = make(epoch, rows[next++] ?? []);
        // Without this, a failure behind the one being awaited would end the process as unhandled.
        batch.catch(() => undefined);
        queue.push(batch);
      }
    };
    try {
      fill();
      for (let first = queue.shift(); first; first = queue.shift()) {
        const batch = await orAborted(first, signal);
        fill();
        clock.waited += performance.now() - idleSince;
        yield batch;
        idleSince = performance.now();
      }
    } finally {
      clock.total += performance.now() - begun;
    }
  }

  return {
    batches,
    waited: () => ({ waitedSeconds: clock.waited / 1000, totalSeconds: clock.total / 1000 }),
    close: crew.close,
  };
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  const listening = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true, signal: listening.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    listening.abort();
  }
}

/** Bytes of memory that this process may use: a container's limit, or the machine's memory. */
function memory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
