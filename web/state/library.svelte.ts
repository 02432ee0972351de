import { countsOf } from '#shared/dataset/plan.ts';
import type { DataSetOptions } from '#shared/schema/dataset.ts';
import type { ExportedPlan } from '#shared/schema/exported-plan.ts';
import type { Guidance } from '#shared/schema/guidance.ts';
import { DisplayName, labelKey } from '#shared/schema/names.ts';
import type { Edits, Photo } from '#shared/schema/photo.ts';
import { SvelteMap } from 'svelte/reactivity';
import * as v from 'valibot';

import { askToPersist, storageReport } from '../platform/storage-estimate.ts';
import {
  changeField,
  changeParts,
  createLabel,
  giveLabel,
  removePhotos,
  restorePhotos,
  type FieldChange,
  type Stamp,
} from '../storage/acts.ts';
import { binBytes, emptyBin, readBin } from '../storage/bin.ts';
import { createCanary, type Canary } from '../storage/canary.ts';
import { openChanges, type Change, type Changes } from '../storage/changes.ts';
import { openDatabase, type Database, type DatabaseNews } from '../storage/db.ts';
import { readDecisions, settleDuplicates, type Settlement } from '../storage/duplicate-acts.ts';
import { StorageError } from '../storage/errors.ts';
import { GUIDANCE_KEY } from '../storage/guidance.ts';
import { historyOf, redoNext, undoLast } from '../storage/journal-log.ts';
import { deleteOriginals, readOriginalIds } from '../storage/originals.ts';
import { readAllBytes, readBytes } from '../storage/photos.ts';
import { deleteQuiz, readQuizzes, storeQuiz } from '../storage/quizzes.ts';
import { readBestGuesses } from '../storage/seen.ts';
import {
  readSetting,
  writeSetting,
  type PersonKeys,
  type Setting,
  type SplitCheck,
} from '../storage/settings.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { Checking } from './checking.svelte.ts';
import { Bulk, type BulkPlace } from './bulk.svelte.ts';
import { Contents } from './contents.svelte.ts';
import type { JobState, LabelChoice, LibraryState, LibraryStatus } from './contract.ts';
import { createCrew } from './crew.ts';
import { createDuplicateSearch } from './duplicate-search.ts';
import { editPhotoWith, readEditSource } from './editing.ts';
import { Exports } from './exports.svelte.ts';
import { Imports, type ImportPlace } from './imports.svelte.ts';
import { Job } from './job.svelte.ts';
import { createKeptVersions } from './kept-versions.ts';
import { createLibraryWorkers } from './library-workers.ts';
import { Learning } from './learning.svelte.ts';
import { measurePhotos } from './measuring.ts';
import { createRefresh } from './refresh.ts';
import { seeUnseen } from './seeing.ts';
import { createThumbnails } from './thumbnails.ts';
import { createVariations } from './variations.ts';
import { together } from './together.ts';

/** The library of this browser. Nothing is read before `open()`. */
export function createLibrary(): LibraryState {
  return new Library();
}

interface Opened {
  readonly db: Database<LibrarySchema>;
  readonly canary: Canary;
  readonly changes: Changes;
  readonly refresh: (change: Change) => Promise<void>;
}

class Library implements LibraryState {
  #status = $state.raw<LibraryStatus>({ kind: 'opening' });
  readonly #contents = new Contents((photo) => {
    this.#forget(photo);
  });
  #storage = $state.raw<LibraryState['storage']>(null);
  #person = $state('');
  #keys = $state.raw<readonly PersonKeys[]>([]);
  readonly #measuring = new Job();
  readonly #seeing = new Job();
  readonly learning = new Learning();
  readonly checking = new Checking(() => this.#library().db);
  #opened: Opened | null = null;
  /** Was the browser asked to keep the library, on this visit? */
  #asked = false;
  readonly #workers = createLibraryWorkers();
  readonly #readThumb = together((ids) => readAllBytes(this.#library().db, 'thumbs', ids));
  readonly #thumbnails = createThumbnails(this.#readThumb);
  /** Photos whose image was replaced, and its pixels: whoever shows their thumbnail asks again. */
  readonly #looks = new SvelteMap<string, string>();
  readonly #imports = new Imports(
    () => this.#importPlace(),
    (photos) => this.#attempt(this.#changed(photos)),
    async () => {
      await this.#measure();
      await this.#persist();
    },
  );
  readonly #exports = new Exports(() => ({
    db: this.#library().db,
    photos: this.photos,
    archives: this.#workers.archives,
    planned: (signal) => this.#planned(signal),
    parts: (signal) => this.plannedParts(signal),
  }));
  readonly #versions = createKeptVersions();
  readonly #crew = createCrew();
  readonly bulk = new Bulk(() => this.#bulkPlace());
  readonly #variations = createVariations((id) => readBytes(this.#library().db, 'images', id));
  readonly #duplicates = createDuplicateSearch(this.#readThumb);

  get status(): LibraryStatus {
    return this.#status;
  }
  get photos(): readonly Photo[] {
    return this.#contents.photos;
  }
  photo = (id: string): Photo | undefined => this.#contents.photo(id);

  get subClasses(): LibraryState['subClasses'] {
    return this.#contents.parts.subClasses;
  }
  get unknownLabels(): LibraryState['unknownLabels'] {
    return this.#contents.parts.unknownLabels;
  }
  get mergeRules(): LibraryState['mergeRules'] {
    return this.#contents.parts.mergeRules;
  }
  get benchmarks(): LibraryState['benchmarks'] {
    return this.#contents.parts.benchmarks;
  }
  get confused(): LibraryState['confused'] {
    return this.#contents.parts.confused;
  }
  get savedFilters(): LibraryState['savedFilters'] {
    return this.#contents.savedFilters;
  }
  get splitChecks(): readonly SplitCheck[] {
    return this.#contents.splitChecks;
  }
  get dismissedPairs(): LibraryState['dismissedPairs'] {
    return this.#contents.dismissedPairs;
  }
  get checks(): LibraryState['checks'] {
    return this.#contents.checks;
  }
  get planOptions(): DataSetOptions {
    return this.#contents.planOptions;
  }
  get importJob(): JobState {
    return this.#imports.job;
  }
  get exportJob(): JobState {
    return this.#exports.job;
  }
  get undoable(): LibraryState['undoable'] {
    return this.#contents.undoable.undo;
  }
  get redoable(): LibraryState['redoable'] {
    return this.#contents.undoable.redo;
  }
  get storage(): LibraryState['storage'] {
    return this.#storage;
  }
  get lastExportAt(): string | null {
    return this.#exports.lastAt;
  }
  get unfinishedExport(): LibraryState['unfinishedExport'] {
    return this.#exports.unfinished;
  }
  get exportRestarted(): boolean {
    return this.#exports.restarted;
  }
  get remindExportAt(): string | null {
    return this.#exports.remindAt;
  }
  get person(): string {
    return this.#person;
  }
  set person(name: string) {
    this.#person = name;
    if (this.#opened) void this.#attempt(writeSetting(this.#opened.db, 'person', name.slice(0, 300)));
  }

  get keys(): LibraryState['keys'] {
    return this.#keys.find((of) => of.by === this.#person)?.keys ?? [];
  }
  set keys(keys: LibraryState['keys']) {
    const others = this.#keys.filter((of) => of.by !== this.#person);
    const all = keys.length > 0 ? [...others, { by: this.#person, keys: [...keys] }] : others;
    this.#keys = all;
    if (this.#opened) void this.#attempt(writeSetting(this.#opened.db, 'keys', all));
  }
  get keepOriginals(): boolean {
    return this.#contents.keepOriginals;
  }
  get guidance(): Guidance | null {
    return this.#contents.guidance;
  }
  get measureJob(): JobState {
    return this.#measuring.state;
  }

  open = async (): Promise<void> => {
    if (this.#opened) return;
    try {
      const db = await openDatabase(libraryDatabase, this.#hear);
      const reading = this.#contents.open(db);
      // What other tabs tell meanwhile is read after that.
      const refresh = createRefresh((change) => this.#contents.read(db, change), reading);
      const changes = openChanges((change) => void this.#attempt(refresh(change)));
      this.#opened = { db, canary: createCanary(db), changes, refresh };
      const [person, keys] = await Promise.all([
        readSetting(db, 'person'),
        readSetting(db, 'keys'),
        reading,
        this.#exports.open(db),
        this.bulk.open(db),
      ]);
      this.#person = person;
      this.#keys = keys;
      this.#status = { kind: 'ready' };
      await this.#measure();
    } catch (cause) {
      this.#opened?.changes.close();
      this.#opened?.db.close();
      this.#opened = null;
      this.#status = { kind: 'lost', message: messageOf(cause) };
    }
  };

  importFiles: LibraryState['importFiles'] = (files, options) => this.#imports.start(files, options);
  cancelImport = (): void => {
    this.#imports.cancel();
  };
  importSample = (): Promise<void> => this.#imports.sample();

  thumbnail = (id: string): Promise<string> => {
    this.#looks.get(id);
    return this.#thumbnails.url(id);
  };

  image = async (id: string): Promise<string> => {
    const bytes = await readBytes(this.#library().db, 'images', id);
    if (!bytes) throw new Error('This photo is no longer in the library.');
    return URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
  };

  createLabel = async (kind: LabelChoice['kind'], name: string): Promise<LabelChoice> => {
    const parsed = v.safeParse(DisplayName, name.normalize('NFC').replace(/\s+/gu, ' ').trim());
    if (!parsed.success) throw new Error('A label needs a name of at most 300 characters.');
    const id = labelKey(parsed.output);
    const present = this.#find(id);
    if (present) return present;
    const { db, canary } = this.#library();
    await canary.check(0);
    await createLabel(db, { kind, id, name: parsed.output }, this.#stamp());
    await this.#changed([]);
    return { kind, id };
  };

  assign = async (ids: readonly string[], label: LabelChoice | null): Promise<void> => {
    const { db, canary } = this.#library();
    await canary.check(0);
    const given = label && { kind: label.kind, id: labelKey(label.id) };
    const name = label ? this.#nameOf(label) : '';
    await this.#changedPhotos(await giveLabel(db, ids, given, name, this.#stamp()));
    void this.#persist();
  };

  change = async (ids: readonly string[], change: FieldChange): Promise<void> => {
    const { db, canary } = this.#library();
    await canary.check(0);
    await this.#changedPhotos(await changeField(db, ids, change, this.#stamp()));
  };

  editSource: LibraryState['editSource'] = async (id) => readEditSource(this.#library().db, this.#photo(id));

  edit = async (id: string, edits: Edits): Promise<void> => {
    const { db, canary } = this.#library();
    await canary.check(0);
    const tools = { db, images: this.#workers.images };
    await this.#changedPhotos(await editPhotoWith(tools, this.#photo(id), edits, () => this.#stamp()));
  };

  setKeepOriginals = async (keep: boolean): Promise<void> => {
    this.#contents.keepOriginals = keep;
    await this.#write('keepOriginals', keep);
  };

  originals: LibraryState['originals'] = async () => {
    const kept = new Set(await readOriginalIds(this.#library().db));
    const bytes = this.photos.reduce((sum, photo) => sum + (kept.has(photo.id) ? photo.bytes : 0), 0);
    return { photos: kept.size, bytes };
  };

  deleteOriginals = async (): Promise<void> => {
    await deleteOriginals(this.#library().db);
    await this.#measure();
  };

  variations: LibraryState['variations'] = (...wish) => this.#variations.draw(...wish);

  changeParts: LibraryState['changeParts'] = async (words, changes, ...given) => {
    const { db, canary } = this.#library();
    await canary.check(0);
    const labels = given.map(({ ids, label: { kind, id } }) => ({ ids, label: { kind, id: labelKey(id) } }));
    await this.#changed(await changeParts(db, words, changes, this.#stamp(), ...labels));
  };

  keepPlanOptions = async (options: DataSetOptions): Promise<void> => {
    this.#contents.planOptions = options;
    await this.#write('plan', options);
  };

  plan: LibraryState['plan'] = (options, signal) =>
    this.#workers.plans.run(signal, (api) => api.plan(options, this.#contents.revision));

  plannedParts: LibraryState['plannedParts'] = (signal) =>
    this.#workers.plans.run(signal, (api) => api.parts(this.planOptions, this.#contents.revision));

  setGuidance = (guidance: Guidance | null): Promise<void> =>
    this.changeParts({ kind: 'guidance', name: '', photos: 0 }, [
      { store: 'settings', key: GUIDANCE_KEY, after: guidance },
    ]);

  measure = async (): Promise<void> => {
    if (this.#measuring.state.kind === 'running' || this.photos.every((p) => p.quality !== null)) return;
    const tools = {
      db: this.#library().db,
      ...this.#workers,
      stored: (ids: readonly string[]) => this.#changedPhotos(ids),
    };
    await this.#measuring.run('', (tally, signal) => measurePhotos(tools, this.photos, tally, signal));
  };

  stopMeasuring = (): void => {
    this.#measuring.cancel();
  };

  get seeJob(): JobState {
    return this.#seeing.state;
  }

  see: LibraryState['see'] = async (eyes) => {
    if (this.#seeing.state.kind === 'running') return;
    const { db } = this.#library();
    const tools = { db, crew: this.#crew, versions: this.#versions, stored: this.#learn };
    await this.#seeing.run('', (tally, signal) => seeUnseen(tools, eyes, this.photos, tally, signal));
  };

  guesses = (version: number): ReturnType<LibraryState['guesses']> =>
    readBestGuesses(this.#library().db, version);

  quizzes = (): ReturnType<LibraryState['quizzes']> => readQuizzes(this.#library().db);
  keepQuiz: LibraryState['keepQuiz'] = (quiz) => storeQuiz(this.#library().db, quiz);
  forgetQuiz = (id: string): Promise<void> => deleteQuiz(this.#library().db, id);

  stopSeeing = (): void => {
    this.#seeing.cancel();
  };

  remove: LibraryState['remove'] = async (ids, fault) => {
    await this.#changedPhotos(await removePhotos(this.#library().db, ids, this.#stamp(), fault));
  };

  findDuplicates: LibraryState['findDuplicates'] = (...search) => this.#duplicates.find(...search);

  duplicateDecisions = (): ReturnType<LibraryState['duplicateDecisions']> =>
    readDecisions(this.#library().db);

  settleDuplicates = async (settlements: readonly Settlement[]): Promise<void> => {
    const { db, canary } = this.#library();
    await canary.check(0);
    await this.#changed(await settleDuplicates(db, settlements, this.#stamp()));
  };

  bin = (): ReturnType<LibraryState['bin']> => readBin(this.#library().db);

  restore = async (ids: readonly string[]): Promise<void> => {
    await this.#changedPhotos(await restorePhotos(this.#library().db, ids, this.#stamp()));
  };

  binBytes = (): Promise<number> => binBytes(this.#library().db);

  emptyBin = async (): Promise<void> => {
    await emptyBin(this.#library().db);
    await this.#changed([]);
    await this.#measure();
  };

  history = (id: string): ReturnType<LibraryState['history']> => historyOf(this.#library().db, id);

  undo = async (): Promise<void> => {
    await this.#changed(await undoLast(this.#library().db));
  };

  redo = async (): Promise<void> => {
    await this.#changed(await redoNext(this.#library().db));
  };

  exportLibrary: LibraryState['exportLibrary'] = (name) => this.#exports.start(name);
  exportForeign: LibraryState['exportForeign'] = (name, wish) => this.#exports.startForeign(name, wish);
  cancelExport = (): void => {
    this.#exports.cancel();
  };
  resumeExport = (): Promise<void> => this.#exports.resume();
  forgetExport = (): Promise<void> => this.#exports.forget();
  postponeExportReminder: LibraryState['postponeExportReminder'] = (until) => this.#exports.postpone(until);

  askToPersist = async (): Promise<void> => {
    await askToPersist();
    await this.#measure();
  };

  #importPlace(): ImportPlace {
    const { db, canary } = this.#library();
    const unknownIds = new Set<string>(this.unknownLabels.map((label) => label.id));
    const options = { person: this.#person, unknownIds, keepOriginals: this.keepOriginals };
    return { tools: { db, canary, ...this.#workers }, options };
  }

  #bulkPlace(): BulkPlace {
    const { db, canary } = this.#library();
    return {
      db,
      canary,
      crew: this.#crew,
      versions: this.#versions,
      archives: this.#workers.archives,
      photos: this.photos,
      photo: this.photo,
      checks: this.checks,
      person: this.#person,
      learn: this.#learn,
      importFiles: this.importFiles,
      changeParts: this.changeParts,
    };
  }

  readonly #learn = (photos: readonly string[]): void => {
    this.learning.take(photos);
  };

  /** Once there is something to lose the answer matters, and is likelier to be yes; nobody is asked twice a visit. */
  async #persist(): Promise<void> {
    if (this.#asked || this.photos.length === 0 || this.storage?.persisted !== false) return;
    this.#asked = true;
    await this.askToPersist();
  }

  /** What the trainer would make of the library, where somebody turned the planner's knobs. */
  async #planned(signal: AbortSignal): Promise<ExportedPlan | null> {
    const options = await readSetting(this.#library().db, 'plan');
    if (!options) return null;
    try {
      const { classes } = await this.plan(options, signal);
      return { v: 1, options, classes: classes.map(countsOf) };
    } catch {
      // A library that contradicts itself has no data set yet, but its numbers are still worth keeping.
      signal.throwIfAborted();
      return { v: 1, options, classes: [] };
    } finally {
      // It holds every record a second time.
      this.#workers.plans.end();
    }
  }

  /** After a complete transaction of this tab on these photos, and nothing else but the journal. */
  #changedPhotos(photos: readonly string[]): Promise<void> {
    return this.#tell({ photos, parts: false });
  }

  /** After a complete transaction of this tab that may have changed more than these photos. */
  #changed(photos: readonly string[]): Promise<void> {
    return this.#tell({ photos, parts: true });
  }

  async #tell(change: Change): Promise<void> {
    const { changes, refresh } = this.#library();
    changes.tell(change);
    await refresh(change);
  }

  /** A setting that this tab shows already; the others read it. */
  async #write<N extends 'keepOriginals' | 'plan'>(name: N, value: Setting<N>): Promise<void> {
    const { db, changes } = this.#library();
    await writeSetting(db, name, value);
    changes.tell({ photos: [], parts: true });
  }

  /** What was edited looks different from now on. */
  #forget({ id, pixels }: Photo): void {
    this.#thumbnails.forget(id);
    this.learning.forget(id);
    this.#looks.set(id, pixels);
  }

  async #measure(): Promise<void> {
    this.#storage = await storageReport();
  }

  readonly #hear = (news: DatabaseNews): void => {
    if (news === 'blocked') this.#status = { kind: 'blocked' };
    else if (news === 'outdated') this.#status = { kind: 'outdated' };
    else this.#status = { kind: 'lost', message: new StorageError('gone').message };
  };

  #library(): Opened {
    if (!this.#opened) throw new Error('The library is not open yet.');
    return this.#opened;
  }

  #photo(id: string): Photo {
    const photo = this.#contents.photo(id);
    if (!photo) throw new Error('This photo is no longer in the library.');
    return photo;
  }

  #stamp(): Stamp {
    return { by: this.#person, at: new Date().toISOString() };
  }

  #find(id: string): LabelChoice | null {
    if (this.subClasses.some((label) => label.id === id)) return { kind: 'sub-class', id };
    if (this.unknownLabels.some((label) => label.id === id)) return { kind: 'unknown', id };
    return null;
  }

  #nameOf({ kind, id }: LabelChoice): string {
    const labels = kind === 'unknown' ? this.unknownLabels : this.subClasses;
    return labels.find((label) => label.id === id)?.name ?? id;
  }

  /** For work that nobody awaits: when the database is gone, the status says so. */
  async #attempt(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (cause) {
      if (this.#status.kind === 'ready') this.#status = { kind: 'lost', message: messageOf(cause) };
    }
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
