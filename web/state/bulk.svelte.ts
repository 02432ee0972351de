import { mayRead } from '../platform/files.ts';
import { withLock } from '../platform/locks.ts';
import {
  changeBulkJob,
  countBulkItems,
  createBulkJob,
  deleteBulkJob,
  readBulkItem,
  readBulkJobs,
  readBulkSource,
} from '../storage/bulk.ts';
import type { StoredBulkItem, StoredBulkJob } from '../storage/bulk-records.ts';
import { asideChange, type Check } from '../storage/checks.ts';
import type { Database } from '../storage/db.ts';
import { forgetVersion } from '../storage/seen.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import {
  CHOOSE_AGAIN,
  JobPaused,
  KEPT,
  paused,
  statusAtOpening,
  toBulkJob,
  WAITS,
  type BulkEntry,
} from './bulk-entry.ts';
import { chosenByJob, chosenFiles, type ChosenFiles } from './bulk-files.ts';
import { fileResults, libraryResults, readBareItems, withoutThumb, type BareItem } from './bulk-results.ts';
import { newBulkJob } from './bulk-start.ts';
import { filesToTake } from './bulk-take.ts';
import { filesAgain, workOn, type BulkTools } from './bulk-work.ts';
import type { LibraryState } from './contract.ts';
import type { BulkJob, BulkResult, BulkState, BulkStatus, BulkWish } from './contract-bulk.ts';
import { reasonOf } from './import-tools.ts';
import { createRate } from './rate.ts';

/** The library that pictures are identified for. */
export interface BulkPlace extends BulkTools {
  readonly person: string;
  readonly checks: readonly Check[];
  readonly importFiles: LibraryState['importFiles'];
  readonly changeParts: LibraryState['changeParts'];
}

/** One over all tabs: two would fight for the engine, and never do the same job. */
const LOCK = 'menagerie-bulk';

/** Bulk identifications of this library (P4-16 … P4-25). */
export class Bulk implements BulkState {
  readonly #place: () => BulkPlace;
  #entries = $state.raw<readonly BulkEntry[]>([]);
  #revision = $state(0);
  /** Files that were chosen on this visit, by job. */
  readonly #chosen = chosenByJob();
  #running: { readonly id: string; readonly controller: AbortController } | null = null;
  readonly #waiting: string[] = [];
  /** Results of the running job that somebody looks at, so that not all are read again after every batch. */
  #looked: { readonly id: string; readonly items: Promise<Map<number, BareItem>> } | null = null;

  constructor(place: () => BulkPlace) {
    this.#place = place;
  }

  get jobs(): readonly BulkJob[] {
    return this.#entries.map(toBulkJob);
  }
  get revision(): number {
    return this.#revision;
  }

  async open(db: Database<LibrarySchema>): Promise<void> {
    const jobs = await readBulkJobs(db);
    this.#entries = await Promise.all(
      jobs.map(async (job): Promise<BulkEntry> => {
        // What a finished job went through may be a hundred thousand ids.
        if (job.state === 'finished') return { job, done: job.total, status: { kind: 'finished' } };
        const [source, done] = await Promise.all([readBulkSource(db, job.id), countBulkItems(db, job.id)]);
        return { job, done, status: statusAtOpening(source) };
      }),
    );
  }

  versions: BulkState['versions'] = () => this.#place().versions.list();

  start = async (wish: BulkWish): Promise<string> => {
    const { db, canary, versions, archives, person } = this.#place();
    const version = await versions.open(wish.version);
    const { job, source, chosen } = await newBulkJob(wish, version, person, archives);
    await canary.check(0);
    await createBulkJob(db, job, source);
    if (chosen) this.#chosen.set(job.id, chosen);
    this.#entries = [{ job, done: 0, status: paused('person', WAITS) }, ...this.#entries];
    this.#begin(job.id);
    return job.id;
  };

  pause = (id: string): void => {
    const at = this.#waiting.indexOf(id);
    if (at !== -1) this.#waiting.splice(at, 1);
    if (this.#running?.id === id) this.#running.controller.abort();
    if (at !== -1 || this.#running?.id === id) this.#show(id, { status: paused('person', KEPT) });
  };

  resume = async (id: string, files?: readonly File[]): Promise<void> => {
    if (files) this.#chosen.set(id, await chosenFiles(files));
    const entry = this.#entry(id);
    if (entry.status.kind === 'finished' || this.#waiting.includes(id)) return;
    if (await this.#maySee(id)) this.#begin(id);
    // The browser was not let read the folder: the files can be chosen again all the same.
    else this.#show(id, { status: paused('files', CHOOSE_AGAIN) });
  };

  forget = async (id: string): Promise<void> => {
    this.pause(id);
    await deleteBulkJob(this.#place().db, id);
    this.#entries = this.#entries.filter(({ job }) => job.id !== id);
    this.#chosen.delete(id);
    if (this.#looked?.id === id) this.#looked = null;
  };

  forgetVersion = async (version: number): Promise<void> => {
    await forgetVersion(this.#place().db, version);
    this.#revision += 1;
  };

  results = async (id: string): Promise<readonly BulkResult[]> => {
    const place = this.#place();
    const { job } = this.#entry(id);
    if (job.kind === 'library') {
      const source = await readBulkSource(place.db, id);
      return libraryResults(place, job.version, source?.kind === 'library' ? source.photos : []);
    }
    return fileResults(place, id, await this.#items(id));
  };

  thumbnail = async (id: string, key: string): Promise<string | null> => {
    if (this.#entry(id).job.kind === 'library') return null;
    const thumb = (await readBulkItem(this.#place().db, id, Number(key)))?.thumb;
    return thumb ? URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' })) : null;
  };

  take = async (id: string, keys: readonly string[]): Promise<readonly string[]> => {
    const { db, importFiles } = this.#place();
    const chosen = this.#chosen.get(id) ?? (await this.#chooseAgain(id));
    const files = await filesToTake(db, id, keys.map(Number), chosen);
    if (files.length > 0)
      await importFiles(
        files.map(({ file }) => file),
        { labelByFolder: false, origin: 'real' },
      );
    this.#revision += 1;
    const { photo } = this.#place();
    return files.map((one) => one.photo).filter((one) => photo(one));
  };

  setAside = async (id: string, keys: readonly string[]): Promise<void> => {
    const { person, changeParts } = this.#place();
    const { job } = this.#entry(id);
    const at = now();
    await changeParts(
      { kind: 'set-aside', name: job.name, photos: keys.length },
      keys.map((key) => asideChange({ job: id, row: Number(key), by: person, at })),
    );
    this.#revision += 1;
  };

  /** Now, or when the one that is running has come to rest. */
  #begin(id: string): void {
    if (!this.#running) void this.#run(id);
    else {
      this.#waiting.push(id);
      this.#show(id, { status: paused('person', WAITS) });
    }
  }

  /** Works on a job and ends as its status, never as a rejection. */
  async #run(id: string): Promise<void> {
    const controller = new AbortController();
    this.#running = { id, controller };
    this.#show(id, { status: { kind: 'running', perSecond: null } });
    let status: BulkStatus;
    try {
      await withLock(LOCK, () => this.#work(id, controller.signal));
      status = { kind: 'finished' };
    } catch (cause) {
      status = controller.signal.aborted ? paused('person', KEPT) : statusOf(cause);
      // Those that were chosen are not the ones.
      if (cause instanceof JobPaused && cause.why === 'files') this.#chosen.delete(id);
    }
    this.#running = null;
    if (this.#looked?.id === id) this.#looked = null;
    if (!this.#waiting.includes(id)) this.#show(id, { status });
    const next = this.#waiting.shift();
    if (next !== undefined) void this.#run(next);
  }

  async #work(id: string, signal: AbortSignal): Promise<void> {
    const rate = createRate(performance.now());
    const begun = (job: StoredBulkJob, done: number): void => {
      this.#show(id, { job, done });
    };
    const stored = (done: number, items: readonly StoredBulkItem[], job: StoredBulkJob | null): void => {
      rate.add(done, performance.now());
      const before = this.#entries.find((entry) => entry.job.id === id);
      const status = signal.aborted
        ? {}
        : { status: { kind: 'running' as const, perSecond: rate.perSecond() } };
      if (before) this.#show(id, { ...status, done: before.done + done, job: job ?? before.job });
      void this.#remember(id, items);
      this.#revision += 1;
    };
    const tools = this.#place();
    const present = await workOn(tools, id, this.#chosen.get(id) ?? null, { begun, stored }, signal);
    // Another tab forgot it.
    if (!present) this.#entries = this.#entries.filter((entry) => entry.job.id !== id);
    if (!present) return;
    const { done, job } = this.#entry(id);
    const total = job.kind === 'results' ? done : job.total;
    const finished = await changeBulkJob(tools.db, id, { state: 'finished', total });
    if (finished) this.#show(id, { job: finished, done: total });
  }

  /** Results of the job that is running are read once. */
  #items(id: string): Promise<Map<number, BareItem>> {
    const { db } = this.#place();
    if (this.#running?.id !== id) return readBareItems(db, id);
    if (this.#looked?.id !== id) this.#looked = { id, items: readBareItems(db, id) };
    return this.#looked.items;
  }

  async #remember(id: string, items: readonly StoredBulkItem[]): Promise<void> {
    const known = this.#looked?.id === id ? await this.#looked.items : null;
    for (const item of items) known?.set(item.row, withoutThumb(item));
  }

  /** Called in a click: the browser may ask. */
  async #maySee(id: string): Promise<boolean> {
    if (this.#chosen.has(id)) return true;
    const source = await readBulkSource(this.#place().db, id);
    return source?.kind !== 'files' || source.folder === null || mayRead(source.folder);
  }

  async #chooseAgain(id: string): Promise<ChosenFiles> {
    const source = await readBulkSource(this.#place().db, id);
    const folder = source?.kind === 'files' && (await this.#maySee(id)) ? source.folder : null;
    const chosen = await filesAgain(folder);
    this.#chosen.set(id, chosen);
    return chosen;
  }

  #entry(id: string): BulkEntry {
    const entry = this.#entries.find(({ job }) => job.id === id);
    if (!entry) throw new Error('This identification was forgotten.');
    return entry;
  }

  #show(id: string, changes: Partial<BulkEntry>): void {
    this.#entries = this.#entries.map((entry) => (entry.job.id === id ? { ...entry, ...changes } : entry));
  }
}

function statusOf(cause: unknown): BulkStatus {
  if (cause instanceof JobPaused) return paused(cause.why, cause.message);
  return paused('failed', `${reasonOf(cause)} ${KEPT}`);
}

function now(): string {
  return new Date().toISOString();
}
