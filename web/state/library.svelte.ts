import type { SubClass, UnknownLabel } from '#shared/schema/label.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { JobState, LabelChoice, LibraryState, LibraryStatus } from './contract.ts';

/** The library of this browser. Nothing is read before `open()`. */
export function createLibrary(): LibraryState {
  return new Library();
}

const CLOSED = 'The library is not open yet.';

class Library implements LibraryState {
  #status = $state.raw<LibraryStatus>({ kind: 'opening' });
  #photos = $state.raw<readonly Photo[]>([]);
  #subClasses = $state.raw<readonly SubClass[]>([]);
  #unknownLabels = $state.raw<readonly UnknownLabel[]>([]);
  #importJob = $state.raw<JobState>({ kind: 'idle' });
  #exportJob = $state.raw<JobState>({ kind: 'idle' });
  #undoable = $state.raw<string | null>(null);
  #storage = $state.raw<LibraryState['storage']>(null);
  #lastExportAt = $state.raw<string | null>(null);
  person = $state('');
  get status(): LibraryStatus {
    return this.#status;
  }
  get photos(): readonly Photo[] {
    return this.#photos;
  }
  get subClasses(): readonly SubClass[] {
    return this.#subClasses;
  }
  get unknownLabels(): readonly UnknownLabel[] {
    return this.#unknownLabels;
  }
  get importJob(): JobState {
    return this.#importJob;
  }
  get exportJob(): JobState {
    return this.#exportJob;
  }
  get undoable(): string | null {
    return this.#undoable;
  }
  get storage(): LibraryState['storage'] {
    return this.#storage;
  }
  get lastExportAt(): string | null {
    return this.#lastExportAt;
  }
  open = (): Promise<void> => Promise.reject(new Error(CLOSED));
  importFiles = (): Promise<void> => Promise.reject(new Error(CLOSED));
  cancelImport = (): void => undefined;
  importSample = (): Promise<void> => Promise.reject(new Error(CLOSED));
  thumbnail = (): Promise<string> => Promise.reject(new Error(CLOSED));
  image = (): Promise<string> => Promise.reject(new Error(CLOSED));
  createLabel = (): Promise<LabelChoice> => Promise.reject(new Error(CLOSED));
  assign = (): Promise<void> => Promise.reject(new Error(CLOSED));
  remove = (): Promise<void> => Promise.reject(new Error(CLOSED));
  undo = (): Promise<void> => Promise.reject(new Error(CLOSED));
  exportLibrary = (): Promise<void> => Promise.reject(new Error(CLOSED));
  cancelExport = (): void => undefined;
}
