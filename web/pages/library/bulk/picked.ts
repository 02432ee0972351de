/** Files that somebody chose to be identified. */
export interface Picked {
  /** `results`: one file that the trainer wrote. */
  readonly kind: 'files' | 'results';
  readonly name: string;
  readonly files: readonly File[];
  /** Where the browser can read the folder again after a reload. */
  readonly folder: FileSystemDirectoryHandle | null;
}
