/** A figure that opens what it counts. */
export interface FigureButton {
  readonly text: string;
  /** What it does, for those who hear it without its row and column. */
  readonly label: string;
  readonly onclick: () => void;
}

export interface FigureRow {
  /** Tells the rows apart. */
  readonly key: string;
  readonly name: string;
  /** One for each column but the first. */
  readonly cells: readonly (string | FigureButton)[];
}
