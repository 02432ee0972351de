import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

import { csvRow } from '#shared/archive/csv.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import type { Network } from '#shared/model/network.ts';
import type { ModelLabel } from '#shared/schema/model.ts';
import { isAnswer, type PhotoId } from '#shared/schema/names.ts';

import { replaceFile } from '../io/atomic.ts';
import { scoreAll } from './network.ts';

/** Classes shown for a photo. */
const TOP = 3;

/** One photo with the model's best guesses. */
export interface Identified {
  readonly file: string;
  /** Its identity in the library; null for a file that is in none. */
  readonly photo: PhotoId | null;
  /** Best first, at most three. */
  readonly top: readonly { readonly class: string; readonly name: string; readonly score: number }[];
  /** Identity of the class; null below the threshold. */
  readonly answer: string | null;
  /** Full softmax in the order of the version's labels; in NDJSON only. */
  readonly scores: readonly number[];
}

export interface BulkJob<T> {
  readonly network: Network;
  readonly labels: readonly ModelLabel[];
  readonly threshold: number;
  readonly items: readonly T[];
  readonly nameOf: (item: T) => Pick<Identified, 'file' | 'photo'>;
  /** null: the photo can't be used; whoever loads says why. */
  readonly load: (item: T) => Promise<Pixels | null>;
  readonly onProgress?: (done: number, total: number) => void;
}

export type BulkFormat = 'csv' | 'ndjson';

const HEADER = [
  'file',
  ...Array.from({ length: TOP }, (_, i) => [`top${i + 1}`, `score${i + 1}`]).flat(),
  'answer',
];

/**
 * Identifies many photos and writes them to files, each whole or not at all (P5-38). Rows are streamed: memory doesn't
 * grow with their number.
 * @param targets files by format
 * @returns how many photos were identified, and how many of them got an answer
 */
export async function identifyAll<T>(
  job: BulkJob<T>,
  targets: readonly { readonly path: string; readonly format: BulkFormat }[],
): Promise<{ identified: number; answers: number }> {
  let [identified, answers] = [0, 0];
  const write = async (sinks: readonly { put: (row: Identified) => Promise<void> }[]): Promise<void> => {
    const scored = scoreAll(job.network, job.items, job.load);
    for await (const { item, scores } of scored) {
      const row = identifiedOf(job.nameOf(item), scores, job);
      for (const sink of sinks) await sink.put(row);
      identified += 1;
      if (row.answer !== null) answers += 1;
      job.onProgress?.(identified, job.items.length);
    }
  };
  await withSinks(targets, [], write);
  return { identified, answers };
}

interface Sink {
  readonly put: (row: Identified) => Promise<void>;
}

/** Opens the targets one inside the other, so that all are moved into place only after the last row. */
async function withSinks(
  targets: readonly { readonly path: string; readonly format: BulkFormat }[],
  open: readonly Sink[],
  write: (sinks: readonly Sink[]) => Promise<void>,
): Promise<void> {
  const [next, ...rest] = targets;
  if (!next) {
    await write(open);
    return;
  }
  await replaceFile(next.path, async (aside) => {
    const stream = createWriteStream(aside, { flags: 'wx' });
    const put = async (text: string): Promise<void> => {
      if (!stream.write(text)) await once(stream, 'drain');
    };
    try {
      if (next.format === 'csv') await put(csvRow(HEADER));
      await withSinks(rest, [...open, { put: (row) => put(textOf(row, next.format)) }], write);
    } finally {
      stream.end();
      await finished(stream);
    }
  });
}

function identifiedOf(
  name: Pick<Identified, 'file' | 'photo'>,
  scores: Float32Array,
  { labels, threshold }: Pick<BulkJob<unknown>, 'labels' | 'threshold'>,
): Identified {
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, TOP);
  const top = order.map((i) => ({
    class: labels[i]?.id ?? '',
    name: labels[i]?.name ?? '',
    score: scores[i] ?? 0,
  }));
  const best = top[0];
  return {
    ...name,
    top,
    answer: best && isAnswer(best.score, threshold) ? best.class : null,
    scores: [...scores],
  };
}

function textOf(row: Identified, format: BulkFormat): string {
  if (format === 'ndjson') return `${JSON.stringify(row)}\n`;
  const cells = Array.from({ length: TOP }, (_, i) => {
    const guess = row.top[i];
    return guess ? [guess.name, Number(guess.score.toFixed(6))] : ['', ''];
  });
  const answer = row.answer === null ? '' : (row.top[0]?.name ?? '');
  return csvRow([row.file, ...cells.flat(), answer]);
}
