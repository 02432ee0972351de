/** What the pipeline and its workers say to each other. */
import type { AugmentOptions } from '#shared/schema/augment.ts';
import type { Preprocessing } from '#shared/schema/model.ts';

/** A photo as the pipeline knows it. */
export interface PipelineItem {
  /** Its canonical image: a square PNG. */
  readonly path: string;
  /** May it be mirrored (design §2.7)? */
  readonly flop: boolean;
  /** May it be made smaller (P4-14)? True where left out. */
  readonly zoomOut?: boolean;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly items: readonly PipelineItem[];
  readonly preprocessing: Preprocessing;
  /** null: photos as they are, for validation. */
  readonly augmentation: AugmentOptions | null;
  readonly seed: number;
  /** Shared with the pipeline, see `STATE`. */
  readonly state: Int32Array;
}

/** Places in a worker's `state`. */
export const STATE = {
  /** Row that it is working on; −1 for none. So the pipeline can name the photo at which a worker died. */
  row: 0,
  /** 1: stop after this photo; nobody waits for the rest. */
  stop: 1,
} as const;

/** Pixels of a canonical image in memory that all threads share. */
export interface HeldPixels {
  readonly edge: number;
  /** `edge * edge * 3` bytes. */
  readonly data: SharedArrayBuffer;
}

/** One batch to make. */
export interface Order {
  readonly id: number;
  readonly epoch: number;
  readonly photos: readonly {
    readonly row: number;
    /** Its pixels where an earlier epoch has left them. */
    readonly held: HeldPixels | null;
  }[];
  /** Should the pixels that are decoded for it come back, to be held? */
  readonly keep: boolean;
}

export type Reply =
  | {
      readonly kind: 'made';
      readonly id: number;
      /** Network input [photos, size, size, 3], handed over without a copy. */
      readonly images: Float32Array<ArrayBuffer>;
      readonly decoded: readonly { readonly row: number; readonly held: HeldPixels }[];
    }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string };
