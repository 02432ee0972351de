import type { StoredBulkJob, StoredBulkSource } from '../storage/bulk-records.ts';
import type { BulkJob, BulkStatus } from './contract-bulk.ts';

/** A job and where it stands. */
export interface BulkEntry {
  readonly job: StoredBulkJob;
  readonly done: number;
  readonly status: BulkStatus;
}

export type WhyPaused = Extract<BulkStatus, { kind: 'paused' }>['why'];

/** Why a job cannot go on, and what to do about it. */
export class JobPaused extends Error {
  override readonly name = 'JobPaused';
  readonly why: WhyPaused;
  constructor(why: WhyPaused, message: string) {
    super(message);
    this.why = why;
  }
}

export const paused = (why: WhyPaused, message: string): BulkStatus => ({ kind: 'paused', why, message });

export const KEPT = 'What was identified so far is kept.';
export const CHOOSE_AGAIN =
  'The browser does not let this page read the files again by itself. Choose the same ones; those that are done are not read again.';
export const WAITS = 'Another identification is running. This one begins when that one is done or paused.';

/** How a job stands that is not finished when the library is opened. */
export function statusAtOpening(source: StoredBulkSource | null): BulkStatus {
  const readable = source?.kind === 'library' || (source?.kind === 'files' && source.folder !== null);
  return readable
    ? paused('reload', `The page was closed or reloaded meanwhile. ${KEPT}`)
    : paused('files', `The page was closed or reloaded meanwhile. ${CHOOSE_AGAIN}`);
}

/** As pages see it. */
export function toBulkJob({ job, done, status }: BulkEntry): BulkJob {
  const { id, name, kind, version, labels, threshold, by, at, total, problems } = job;
  return {
    id,
    name,
    kind,
    version,
    labels,
    threshold,
    by,
    at,
    total,
    done: Math.min(done, total),
    problems,
    status,
  };
}
