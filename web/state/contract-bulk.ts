/** What pages may ask of bulk identification (P4-16 … P4-25). */
import type { Problem } from './contract.ts';

/** What is to be identified. */
export type BulkWish =
  | {
      /** Photos of the library: results are guesses of the version beside their labels. */
      readonly kind: 'library';
      readonly name: string;
      readonly photos: readonly string[];
      /** A published version; null: the one that guests get. */
      readonly version: number | null;
    }
  | {
      /** Files that stay outside the library until they are taken in: pictures, a folder's files, zips. */
      readonly kind: 'files';
      readonly name: string;
      readonly files: readonly File[];
      /** The folder that they are from, where the browser can read it again after a reload. */
      readonly folder: FileSystemDirectoryHandle | null;
      readonly version: number | null;
    }
  | {
      /** What `menagerie identify` wrote (NDJSON or CSV), of this version. */
      readonly kind: 'results';
      readonly file: File;
      readonly version: number | null;
    };

export type BulkStatus =
  | { readonly kind: 'running'; readonly perSecond: number | null }
  | {
      readonly kind: 'paused';
      /**
       * `person`: somebody said so; `reload`: the page was closed; `files`: the files must be chosen again; `version`: it
       * can no longer be had; `failed`: see the message.
       */
      readonly why: 'person' | 'reload' | 'files' | 'version' | 'failed';
      /** What happened, what was kept, what to do next. */
      readonly message: string;
    }
  | { readonly kind: 'finished' };

/** A class that a version knows. */
export interface BulkLabel {
  readonly id: string;
  readonly name: string;
  readonly subClasses: readonly string[];
}

export interface BulkJob {
  readonly id: string;
  readonly name: string;
  readonly kind: BulkWish['kind'];
  readonly version: number;
  readonly labels: readonly BulkLabel[];
  readonly threshold: number;
  readonly by: string;
  readonly at: string;
  readonly total: number;
  readonly done: number;
  readonly problems: readonly Problem[];
  readonly status: BulkStatus;
}

/** What the version made of one photo or file. */
export interface BulkResult {
  /** Names it within its job. */
  readonly key: string;
  /** Its identity in the library; null for a file of unknown content. */
  readonly photo: string | null;
  /** It is in the library now. */
  readonly inLibrary: boolean;
  /** Name for people. */
  readonly file: string;
  /** Best first, at most five. */
  readonly top: readonly { readonly label: string; readonly score: number }[];
  /** Somebody wants it no longer; only files can be set aside, photos are removed. */
  readonly aside: boolean;
}

/** A version that can identify. */
export interface BulkVersion {
  readonly version: number;
  /** Is it the one that guests get? */
  readonly current: boolean;
  /** Null where nothing tells. */
  readonly publishedAt: string | null;
}

/** Bulk identification of this browser. One job runs at a time; others wait paused. */
export interface BulkState {
  /** Newest first. */
  readonly jobs: readonly BulkJob[];
  /** Counts stored results of the running job, so that lists know when to read again. */
  readonly revision: number;
  /** Versions that can be used: those of the catalog and those on this device, newest first. */
  versions: () => Promise<readonly BulkVersion[]>;
  /** Begins a job. @returns its id. Rejects in words where the version cannot be had or nothing is to be done */
  start: (wish: BulkWish) => Promise<string>;
  pause: (id: string) => void;
  /** Goes on. @param files the same files again, where the status asks for them */
  resume: (id: string, files?: readonly File[]) => Promise<void>;
  /** Forgets a job and the results of its files; guesses on photos of the library stay. */
  forget: (id: string) => Promise<void>;
  /** Forgets what a version made of the photos of the library: a later job looks at all of them again. */
  forgetVersion: (version: number) => Promise<void>;
  /** What there is so far, in the order of the source. */
  results: (id: string) => Promise<readonly BulkResult[]>;
  /** Object URL of a small picture of a file's result, null where there is none; the caller revokes it. */
  thumbnail: (id: string, key: string) => Promise<string | null>;
  /**
   * Takes files into the library as ordinary photos without a label, through the ordinary import.
   * @returns ids of the photos. Rejects in words where the files must be chosen again
   */
  take: (id: string, keys: readonly string[]) => Promise<readonly string[]>;
  /** Sets files aside in one act that can be undone. */
  setAside: (id: string, keys: readonly string[]) => Promise<void>;
}
