/** What a tile of the grid shows of a photo. */
export interface TileData {
  readonly id: string;
  readonly fileName: string;
  /** null without a label. */
  readonly label: string | null;
  readonly unknown: boolean;
  /** More about it, for the list: origin, faults, by whom and when. */
  readonly details?: string;
}
