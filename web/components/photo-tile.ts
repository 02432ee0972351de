/** What a tile of the grid shows of a photo. */
export interface TileData {
  readonly id: string;
  readonly fileName: string;
  /** null without a label. */
  readonly label: string | null;
  readonly unknown: boolean;
  /** More about it, for the list: origin, faults, by whom and when. */
  readonly details?: string;
  /** What a model makes of it; stands before the label. */
  readonly guess?: TileGuess;
  /** In place of the label for screen readers: all that the tile says. */
  readonly said?: string;
  /** The label is none, or not what matters. */
  readonly faint?: boolean;
}

export interface TileGuess {
  readonly name: string;
  /** Confidence as people read it; empty for none. */
  readonly value: string;
  /** Score 0 … 1, as a bar. */
  readonly share: number;
  /** It is enough for an answer. */
  readonly sure: boolean;
}
