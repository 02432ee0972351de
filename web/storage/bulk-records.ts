/** A bulk identification as it is stored: the job, what it goes through, and results for files outside the library. */
import * as v from 'valibot';

import {
  Count,
  DisplayName,
  Instant,
  LabelId,
  ModelVersion,
  Person,
  Score,
  Sha256,
} from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';

const Problem = v.object({ file: v.string(), reason: v.string() });

const JobSchema = v.object({
  v: v.literal(1),
  id: v.string(),
  /** For people: the folder's name, "Unlabelled photos" … */
  name: v.pipe(v.string(), v.maxLength(400)),
  /** `library`: photos of the library, results are guesses; `files`: results are items; `results`: read from the trainer. */
  kind: v.picklist(['library', 'files', 'results']),
  version: ModelVersion,
  /** SHA-256 of the version's weights; a number never means two networks, this says so; null for read results. */
  network: v.nullable(Sha256),
  /** Classes of the version, so that results can be read when the version is gone. */
  labels: v.array(v.object({ id: LabelId, name: DisplayName, subClasses: v.array(LabelId) })),
  threshold: Score,
  by: Person,
  at: Instant,
  /** Photos or files in all. */
  total: Count,
  /** `open`: to be gone on with. */
  state: v.picklist(['open', 'finished']),
  /** Not identified and why; a bounded number. */
  problems: v.pipe(v.array(Problem), v.maxLength(1000)),
});
export type StoredBulkJob = v.InferOutput<typeof JobSchema>;
export const bulkJobRecord = defineRecord('bulk identification', 1, JobSchema);

/** A file of a job, as it is known when it is chosen again. */
export interface BulkFile {
  /** Path below the folder; in a zip `<path of the zip>/<path in it>`. */
  readonly path: string;
  readonly bytes: number;
}

/** What a job goes through, in its order. */
export type StoredBulkSource =
  | { readonly kind: 'library'; readonly photos: readonly string[] }
  | {
      readonly kind: 'files';
      /** A folder that the browser lets us read again after a reload, with the person's consent; null: it must be chosen again. */
      readonly folder: FileSystemDirectoryHandle | null;
      readonly files: readonly BulkFile[];
    }
  | { readonly kind: 'results'; readonly file: BulkFile };

const ItemSchema = v.object({
  v: v.literal(1),
  /** `<job> <row, eight digits>`: all items of a job are one range. */
  id: v.string(),
  job: v.string(),
  row: Count,
  /** Path below the folder or in the zip: what the file is known by when it is chosen again, with its size. */
  path: v.string(),
  bytes: Count,
  /** SHA-256 of the file: its identity in the library, once it is taken in. Null where nobody read the file. */
  photo: v.nullable(Sha256),
  /** Best first, at most five; empty where the file could not be read. */
  top: v.array(v.object({ label: LabelId, score: Score })),
  /** Small JPEG; null where there is none. */
  thumb: v.nullable(v.instance(ArrayBuffer)),
});
export type StoredBulkItem = v.InferOutput<typeof ItemSchema>;
export const bulkItemRecord = defineRecord('result of a bulk identification', 1, ItemSchema);

export const itemId = (job: string, row: number): string => `${job} ${String(row).padStart(8, '0')}`;
