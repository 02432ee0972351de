import type { Origin } from '#shared/schema/photo.ts';

/** How photos are taken in. */
export interface ImportOptions {
  /** A photo in the folder "Red Panda" gets the label "Red Panda". */
  readonly labelByFolder: boolean;
  readonly origin: Origin;
}
