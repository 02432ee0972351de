import { withLock } from '../platform/locks.ts';
import type { ImportWish, JobState } from './contract.ts';
import { createGather } from './gather.ts';
import type { ImportOptions, ImportTools, Tally } from './import-tools.ts';
import { importFiles } from './importing.ts';
import { Job } from './job.svelte.ts';
import { fetchSample } from './sample.ts';

/** The library that photos come into, as it is when they do. */
export interface ImportPlace {
  readonly tools: ImportTools;
  readonly options: Pick<ImportOptions, 'person' | 'unknownIds' | 'keepOriginals'>;
}

/** A large list is costly to replace, so what an import stores is shown together, a little later. */
const SHOWN_EVERY_MS = 400;

/** The imports of this tab, one after the other: a person takes photos faster than they are stored. */
export class Imports {
  readonly #job = new Job();
  readonly #place: () => ImportPlace;
  readonly #show: (photos: readonly string[]) => Promise<void>;
  readonly #ended: () => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param show told of photos that are stored; never rejects
   * @param ended told after each import, however it ended
   */
  constructor(
    place: () => ImportPlace,
    show: (photos: readonly string[]) => Promise<void>,
    ended: () => Promise<void>,
  ) {
    this.#place = place;
    this.#show = show;
    this.#ended = ended;
  }

  get job(): JobState {
    return this.#job.state;
  }

  start = (files: readonly File[], wish: ImportWish): Promise<void> => {
    const done = this.#last.then(() => this.#import(files, wish));
    this.#last = done.catch(() => undefined);
    return done;
  };

  cancel = (): void => {
    this.#job.cancel();
  };

  /** @throws Error in words where the server offers none */
  sample = async (): Promise<void> => {
    const files = await fetchSample();
    await this.#import(files, { labelByFolder: true, origin: 'synthetic', source: 'sample' });
  };

  async #import(
    files: readonly File[],
    wish: Omit<ImportWish, 'source'> & Partial<Pick<ImportOptions, 'source'>>,
  ): Promise<void> {
    const { tools, options } = this.#place();
    const all = { source: null, label: null, ...wish, ...options };
    const shown = createGather<string>(SHOWN_EVERY_MS, this.#show);
    const stored: Tally['stored'] = (result) => {
      shown.add([...result.added, ...result.known].map((photo) => photo.id));
    };
    const label = files.length === 1 ? (files[0]?.name ?? '') : `${String(files.length)} files`;
    await this.#job.run(label, async (tally, signal) => {
      // One import at a time over all tabs: two would fight for the disk and double the work.
      await withLock('menagerie-import', () =>
        importFiles(tools, files, all, Object.assign(tally, { stored }), signal),
      );
    });
    await shown.now();
    await this.#ended();
  }
}
