import type { LibraryFile } from '#shared/schema/library.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { Problem } from './problem.ts';

/** A photo of a library, not yet read. */
export interface LibraryItem {
  /** Where it lies, for messages: `zoo-001-of-002.zip/Image_Library/lion/….png`. */
  readonly where: string;
  /** Its record, where that is known without reading the picture. */
  readonly photo: Photo | null;
  /** How much room it will take as a canonical image, about. */
  readonly bytes: number;
  /**
   * Reads and verifies it.
   * @throws PhotoError, ImageRefused or ArchiveRefused: this photo can't be used, the others can
   */
  readonly load: () => Promise<LoadedPhoto>;
}

export interface LoadedPhoto {
  readonly photo: Photo;
  /** Canonical image. */
  readonly png: Uint8Array;
}

/** A library as the trainer reads it, whatever form it came in. */
export interface Library {
  /** Everything but the photos. `shard` describes the whole: 1 of 1. */
  readonly file: Omit<LibraryFile, 'shard' | 'photos'>;
  /** SHA-256: the same library read again has the same one. */
  readonly fingerprint: string;
  readonly items: readonly LibraryItem[];
  /** What was found wrong so far. */
  readonly problems: readonly Problem[];
  readonly close: () => Promise<void>;
}
