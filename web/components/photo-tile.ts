/** What a tile of the grid shows of a photo. */
export interface TileData {
  readonly id: string;
  readonly fileName: string;
  /** null without a label. */
  readonly label: string | null;
  readonly unknown: boolean;
}
