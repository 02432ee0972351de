/** Stand-ins for the state classes, made of the contract's own types; a test sets what the page should see. */
import { SvelteMap } from 'svelte/reactivity';

import { planDataSet } from '#shared/dataset/plan.ts';
import { DEFAULT_DATA_SET_OPTIONS, type DataSetOptions } from '#shared/schema/dataset.ts';
import { lookalikes } from '#shared/dataset/lookalikes.ts';
import { NOT_JUDGED } from '#shared/schema/gate.ts';
import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, NO_EDITS, type Photo } from '#shared/schema/photo.ts';

import type {
  ExampleWish,
  IdentifyResult,
  JobState,
  LabelChoice,
  LabelErrors,
  LearningState,
  LibraryState,
  LibraryStatus,
  LikenessOrder,
  ModelState,
  ModelStatus,
  Quiz,
  StoredDecision,
  PartEdit,
} from '../../state/contract.ts';
import type { BulkJob, BulkResult, BulkState } from '../../state/contract-bulk.ts';
import type { CheckGuess, CheckingState, CheckPass } from '../../state/contract-check.ts';

const AT = '2026-05-01T09:30:00.000Z';

export function photoNamed(n: number, label: string | null, kind: LabelChoice['kind'] = 'sub-class'): Photo {
  return freshPhoto({
    id: n.toString(16).padStart(64, '0') as PhotoId,
    fileName: `IMG_${String(n)}.jpg`,
    bytes: 2_400_000,
    width: 4000,
    height: 3000,
    source: 'file',
    addedAt: AT,
    addedBy: 'Ada',
    origin: 'real',
    label: label === null ? null : { kind, id: labelKey(label), by: 'Ada', at: AT },
    canonicalSize: 299,
    pixels: '0'.repeat(64),
    hash: '0'.repeat(16),
  });
}

/** A small picture in one colour as the address of a PNG. */
export function pictureUrl(colour: string): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 32;
  const paint = canvas.getContext('2d');
  if (paint) {
    paint.fillStyle = colour;
    paint.fillRect(0, 4, 32, 24);
  }
  return canvas.toDataURL();
}

/** Answers what a test prepared; never learns by itself. */
export class FakeLearning implements LearningState {
  status = $state.raw<LearningState['status']>('off');
  seen = $state(0);
  knowledge = $state.raw<LearningState['knowledge']>(null);
  revision = $state(0);
  /** Answers of `suggest`, by photo. */
  guesses: Readonly<Record<string, Awaited<ReturnType<LearningState['suggest']>>>> = {};
  /** Answer of `order`. */
  ordered: readonly string[] = [];
  readonly asked: LikenessOrder[] = [];

  start = (): void => {
    this.status = 'ready';
  };
  stop = (): void => {
    this.status = 'off';
  };
  follow = (): void => undefined;
  suggest: LearningState['suggest'] = (photo) =>
    Promise.resolve(this.guesses[photo] ?? { top: [], taught: false });
  order: LearningState['order'] = (order) => {
    this.asked.push(order);
    return Promise.resolve(this.ordered);
  };
  /** Photos of a class, nearest first, by the first of its sub-classes. */
  near: Readonly<Record<string, readonly string[]>> = {};
  readonly wished: ExampleWish[] = [];
  examples: LearningState['examples'] = (wish) => {
    this.wished.push(wish);
    const { photo, of, but = [], count } = wish;
    const fit = (this.near[of[0] ?? ''] ?? []).filter((id) => id !== photo && !but.includes(id));
    const photos = fit.slice(0, count);
    return Promise.resolve({ photos, compared: photos.length });
  };
  doubted: readonly string[] = [];
  doubt = (photos: readonly string[]): void => {
    this.doubted = photos;
  };
  /** Answer of `labelErrors`. */
  found: LabelErrors = { errors: [], photos: 0, labels: 0, leftOut: [], unseen: 0 };
  labelErrors: LearningState['labelErrors'] = ({ progress, signal }) => {
    signal.throwIfAborted();
    progress(1);
    return Promise.resolve(this.found);
  };
}

/** Keeps its pass in memory, so that a room that is opened again finds it. */
export class FakeChecking implements CheckingState {
  picked = $state.raw<readonly string[]>([]);
  pick = (photos: readonly string[]): void => {
    this.picked = photos;
  };
  /** What the version guesses, by photo. */
  tops: Readonly<Record<string, readonly CheckGuess[]>> = {};
  answers: CheckingState['answers'] = (_version, take) => {
    for (const [photo, top] of Object.entries(this.tops)) take(photo, top);
    return Promise.resolve();
  };
  kept: { readonly pass: CheckPass; readonly at: number } | null = null;
  pass: CheckingState['pass'] = () => Promise.resolve(this.kept);
  keepPass: CheckingState['keepPass'] = (pass) => {
    this.kept = pass && { pass, at: 0 };
    return Promise.resolve();
  };
  keepPlace: CheckingState['keepPlace'] = (at) => {
    if (this.kept) this.kept = { ...this.kept, at };
    return Promise.resolve();
  };
}

/** Shows the jobs and results that a test prepared; notes what it is asked to do. */
export class FakeBulk implements BulkState {
  jobs = $state.raw<readonly BulkJob[]>([]);
  revision = $state(0);
  readonly acts: unknown[] = [];
  /** Answers of `results`, by job. */
  found: Readonly<Record<string, readonly BulkResult[]>> = {};
  offered: Awaited<ReturnType<BulkState['versions']>> = [
    { version: 7, current: true, publishedAt: AT },
    { version: 6, current: false, publishedAt: null },
  ];

  versions: BulkState['versions'] = () => Promise.resolve(this.offered);
  start: BulkState['start'] = async (wish) => {
    await this.#note(['start', wish.kind, wish.version]);
    return 'job';
  };
  pause = (id: string): void => void this.#note(['pause', id]);
  resume: BulkState['resume'] = (id, files) => this.#note(['resume', id, files?.length ?? null]);
  forget: BulkState['forget'] = async (id) => {
    await this.#note(['forget', id]);
    this.jobs = this.jobs.filter((job) => job.id !== id);
  };
  forgetVersion: BulkState['forgetVersion'] = (version) => this.#note(['forget version', version]);
  results: BulkState['results'] = (id) => Promise.resolve(this.found[id] ?? []);
  thumbnail: BulkState['thumbnail'] = (_id, key) =>
    Promise.resolve(pictureUrl(`hsl(${String((key.length * 67) % 360)} 45% 55%)`));
  /** Answer of `take`. */
  taken: readonly string[] = [];
  take: BulkState['take'] = async (id, keys) => {
    await this.#note(['take', id, keys]);
    return this.taken;
  };
  setAside: BulkState['setAside'] = async (id, keys) => {
    await this.#note(['set aside', id, keys]);
    const found = (this.found[id] ?? []).map((one) =>
      keys.includes(one.key) ? { ...one, aside: true } : one,
    );
    this.found = { ...this.found, [id]: found };
    this.revision += 1;
  };

  #note(act: readonly unknown[]): Promise<void> {
    this.acts.push(act);
    return Promise.resolve();
  }
}

export class FakeLibrary implements LibraryState {
  status = $state.raw<LibraryStatus>({ kind: 'ready' });
  photos = $state.raw<readonly Photo[]>([]);
  subClasses = $state.raw<LibraryState['subClasses']>([]);
  unknownLabels = $state.raw<LibraryState['unknownLabels']>([]);
  mergeRules = $state.raw<LibraryState['mergeRules']>([]);
  benchmarks = $state.raw<LibraryState['benchmarks']>([]);
  confused = $state.raw<LibraryState['confused']>({ v: 1, pairs: [] });
  dismissedPairs = $state.raw<LibraryState['dismissedPairs']>([]);
  splitChecks = $state.raw<LibraryState['splitChecks']>([]);
  planOptions = $state.raw<DataSetOptions>(DEFAULT_DATA_SET_OPTIONS);
  person = $state('');
  keys = $state.raw<LibraryState['keys']>([]);
  guidance = $state.raw<LibraryState['guidance']>(null);
  measureJob = $state.raw<JobState>({ kind: 'idle' });
  importJob = $state.raw<JobState>({ kind: 'idle' });
  exportJob = $state.raw<JobState>({ kind: 'idle' });
  undoable = $state.raw<LibraryState['undoable']>(null);
  redoable = $state.raw<LibraryState['redoable']>(null);
  storage = $state.raw<LibraryState['storage']>({
    persisted: false,
    usage: 52_000_000,
    quota: 9_000_000_000,
  });
  lastExportAt = $state<string | null>(null);
  /** Every act asked for, in order. */
  readonly acts: unknown[] = [];

  constructor(photos: readonly Photo[] = [], labels: readonly string[] = []) {
    this.photos = photos;
    this.subClasses = labels.map((name) => ({
      v: 2,
      id: labelKey(name),
      name,
      createdAt: AT,
      createdBy: 'Ada',
      flop: true,
    }));
  }

  photo = (id: string): Photo | undefined => this.photos.find((photo) => photo.id === id);
  open = (): Promise<void> => Promise.resolve();
  importFiles: LibraryState['importFiles'] = (files, options) =>
    this.#note(['import', files.map((f) => f.name), options]);
  cancelImport = (): void => void this.#note(['cancel import']);
  importSample = (): Promise<void> => this.#note(['sample']);
  thumbnail = (id: string): Promise<string> =>
    Promise.resolve(pictureUrl(`hsl(${String((parseInt(id.slice(-4), 16) * 47) % 360)} 45% 55%)`));
  image = (id: string): Promise<string> => this.thumbnail(id);
  createLabel: LibraryState['createLabel'] = (kind, name) => {
    void this.#note(['create', kind, name]);
    return Promise.resolve({ kind, id: labelKey(name) });
  };
  assign: LibraryState['assign'] = (ids, label) => this.#note(['assign', ids.length, label]);
  remove: LibraryState['remove'] = async (ids, fault) => {
    await this.#note(['remove', ids.length, ...(fault ? [fault] : [])]);
    this.photos = this.photos.filter((p) => !ids.includes(p.id));
    this.undoable = { kind: 'remove', name: '', photos: ids.length };
  };
  changeParts: LibraryState['changeParts'] = async (words, changes, ...given) => {
    const labels = given.flatMap(({ ids, label }) => [ids.length, label]);
    await this.#note(['parts', words.kind, words.name, ...labels]);
    this.undoable = words;
    for (const change of changes) this.#applyPart(change);
  };
  keepPlanOptions = async (options: DataSetOptions): Promise<void> => {
    this.planOptions = options;
    await Promise.resolve();
  };
  plan: LibraryState['plan'] = async (options) => {
    await Promise.resolve();
    const { photos, subClasses, unknownLabels, mergeRules, benchmarks } = this;
    return planDataSet({ photos, subClasses, unknownLabels, mergeRules, benchmarks, options });
  };
  setGuidance: LibraryState['setGuidance'] = async (guidance) => {
    await this.#note(['guidance', guidance]);
    this.guidance = guidance;
  };
  measure = (): Promise<void> => this.#note(['measure']);
  stopMeasuring = (): void => void this.#note(['stop measuring']);
  seeJob = $state.raw<JobState>({ kind: 'idle' });
  see: LibraryState['see'] = ({ version }) => this.#note(['see', version]);
  stopSeeing = (): void => void this.#note(['stop seeing']);
  /** Best guesses by photo. */
  guessed: Readonly<Record<string, { readonly label: string; readonly score: number }>> = {};
  guesses: LibraryState['guesses'] = () => Promise.resolve(new SvelteMap(Object.entries(this.guessed)));
  checks = $state.raw<LibraryState['checks']>([]);
  sittings: Quiz[] = [];
  quizzes: LibraryState['quizzes'] = () => Promise.resolve([...this.sittings]);
  keepQuiz: LibraryState['keepQuiz'] = async (quiz) => {
    await this.#note(['keep quiz', quiz.answers.length]);
    this.sittings = [quiz, ...this.sittings.filter(({ id }) => id !== quiz.id)];
  };
  forgetQuiz: LibraryState['forgetQuiz'] = async (id) => {
    await this.#note(['forget quiz', id]);
    this.sittings = this.sittings.filter((quiz) => quiz.id !== id);
  };
  planned: Awaited<ReturnType<LibraryState['plannedParts']>> = { training: [], validation: [], test: [] };
  plannedParts: LibraryState['plannedParts'] = () => Promise.resolve(this.planned);
  readonly checking = new FakeChecking();
  readonly bulk = new FakeBulk();
  readonly learning = new FakeLearning();
  /** Photos that look alike to the model: pairs of ids with their distance; null where it has seen none. */
  alike: readonly (readonly [string, string, number])[] | null = null;
  findDuplicates: LibraryState['findDuplicates'] = async (photos, likeness, progress) => {
    const { kind, radius } = likeness;
    if (kind === 'model') {
      const place = (id: string): number => photos.findIndex((photo) => photo.id === id);
      const near = (this.alike ?? []).filter(([, , distance]) => distance <= radius);
      const links = {
        a: Int32Array.from(near, ([a]) => place(a)),
        b: Int32Array.from(near, ([, b]) => place(b)),
        distance: Uint8Array.from(near, ([, , distance]) => distance),
      };
      const compared = this.alike === null ? 0 : photos.length - 1;
      return { photos: photos.map((photo) => photo.id), links, compared };
    }
    const links = lookalikes(
      photos.map((photo) => photo.hash),
      radius,
      progress,
    );
    await Promise.resolve();
    return { photos: photos.map((photo) => photo.id), links, compared: photos.length };
  };
  /** Decided before the test. */
  decisions: readonly StoredDecision[] = [];
  duplicateDecisions: LibraryState['duplicateDecisions'] = () => Promise.resolve(this.decisions);
  settleDuplicates: LibraryState['settleDuplicates'] = async (settlements) => {
    await this.#note(['settle', settlements]);
    const gone = settlements.flatMap(({ photos, keep }) => photos.filter((id) => !keep.includes(id)));
    const kept = settlements.filter(({ keep }) => keep.length > 1);
    this.decisions = [
      ...this.decisions,
      ...kept.map(({ keep }) => ({
        id: keep.join(' '),
        kind: 'different' as const,
        photos: keep,
        by: 'Ada',
        at: AT,
      })),
    ];
    this.photos = this.photos.filter((photo) => !gone.includes(photo.id));
  };
  change: LibraryState['change'] = (ids, change) => this.#note(['change', ids.length, change]);
  keepOriginals = $state(false);
  editSource: LibraryState['editSource'] = () =>
    Promise.resolve({
      kind: 'original',
      made: NO_EDITS,
      url: pictureUrl('#c96'),
      width: 4000,
      height: 3000,
      scale: 1,
    });
  edit: LibraryState['edit'] = async (id, edits) => {
    await this.#note(['edit', edits]);
    this.photos = this.photos.map((p) => (p.id === id ? { ...p, edits } : p));
  };
  /** How photos were asked to be varied, in order. */
  readonly varied: Parameters<LibraryState['variations']>[0][] = [];
  variations: LibraryState['variations'] = (wish) => {
    this.varied.push(wish);
    const { data, width, height } = new ImageData(8, 8);
    const picture = { data: data.fill(180), width, height };
    const drawn = { picture, words: 'turned 3.2° clockwise', share: 0.6 };
    return Promise.resolve(wish.photos.map(() => ({ plain: picture, small: null, varied: [drawn, drawn] })));
  };
  setKeepOriginals: LibraryState['setKeepOriginals'] = async (keep) => {
    await this.#note(['keep originals', keep]);
    this.keepOriginals = keep;
  };
  originals: LibraryState['originals'] = () => Promise.resolve({ photos: 2, bytes: 4_800_000 });
  deleteOriginals = (): Promise<void> => this.#note(['delete originals']);
  bin: LibraryState['bin'] = () => Promise.resolve([]);
  restore: LibraryState['restore'] = (ids) => this.#note(['restore', ids.length]);
  savedFilters = $state.raw<LibraryState['savedFilters']>([]);
  binBytes = (): Promise<number> => Promise.resolve(1_200_000);
  emptyBin = (): Promise<void> => this.#note(['empty bin']);
  history: LibraryState['history'] = () => Promise.resolve([]);
  undo = (): Promise<void> => this.#note(['undo']);
  redo = (): Promise<void> => this.#note(['redo']);
  exportLibrary: LibraryState['exportLibrary'] = (name) => this.#note(['export', name]);
  exportForeign: LibraryState['exportForeign'] = (name, wish) => this.#note(['export', name, wish]);
  cancelExport = (): void => void this.#note(['cancel export']);
  unfinishedExport = $state.raw<LibraryState['unfinishedExport']>(null);
  exportRestarted = $state(false);
  remindExportAt = $state.raw<string | null>(null);
  resumeExport = (): Promise<void> => this.#note(['resume export']);
  forgetExport = async (): Promise<void> => {
    await this.#note(['forget export']);
    this.unfinishedExport = null;
  };
  postponeExportReminder: LibraryState['postponeExportReminder'] = async (until) => {
    await this.#note(['postpone export reminder']);
    this.remindExportAt = until;
  };
  askToPersist = async (): Promise<void> => {
    await this.#note(['ask to persist']);
    if (this.storage) this.storage = { ...this.storage, persisted: true };
  };

  #applyPart({ store, key, after }: PartEdit): void {
    if (store === 'settings') {
      if (key === 'confused') this.confused = after as LibraryState['confused'];
      if (key === 'dismissedPairs') this.dismissedPairs = after as LibraryState['dismissedPairs'];
      if (key === 'splitChecks') this.splitChecks = after as LibraryState['splitChecks'];
    } else if (store !== 'decisions') {
      const others = this[store].filter((record: { readonly id: string }) => record.id !== key);
      Object.assign(this, { [store]: after === null ? others : [...others, after] });
    }
  }

  #note(act: readonly unknown[]): Promise<void> {
    this.acts.push(act);
    return Promise.resolve();
  }
}

export const LABELS = ['Red Panda', 'Raccoon', 'Chimp-bonobo'].map((name) => ({
  id: labelKey(name),
  name,
  subClasses: name === 'Chimp-bonobo' ? [labelKey('chimpanzee'), labelKey('bonobo')] : [labelKey(name)],
  note: name === 'Chimp-bonobo' ? 'Chimpanzees and bonobos are kept together here: look at the hair.' : '',
}));

/** A result whose best guess has `score`. */
export function resultOf(score: number, photo: string, best = 0): IdentifyResult {
  const rest = (1 - score) / 2;
  const order = [LABELS[best], ...LABELS.filter((_, i) => i !== best)].filter((l) => l !== undefined);
  return {
    photo,
    version: 7,
    engine: 'wasm',
    top: order.map((label, i) => ({ label, score: i === 0 ? score : rest })),
    threshold: 0.95,
    answered: score >= 0.95,
    scores: [score, rest, rest],
    imageUrl: pictureUrl('#c96'),
    timings: { decode: 10, prepare: 5, infer: 40 },
  };
}

export class FakeModel implements ModelState {
  status = $state.raw<ModelStatus>({
    kind: 'ready',
    version: 7,
    engine: 'wasm',
    labels: LABELS,
    threshold: 0.95,
    gate: NOT_JUDGED,
  });
  identify: ModelState['identify'] = () => Promise.reject(new Error('no answer was prepared'));
  refresh: ModelState['refresh'] = () => Promise.resolve();
  confusions: ModelState['confusions'] = () => Promise.resolve(null);
  start = (): Promise<void> => Promise.resolve();
  eyes: ModelState['eyes'] = () =>
    Promise.resolve(
      this.status.kind === 'ready'
        ? {
            version: this.status.version,
            network: 'a'.repeat(64),
            labels: this.status.labels,
            threshold: 0.95,
          }
        : null,
    );
  explain: ModelState['explain'] = () => Promise.reject(new Error('no map was prepared'));
}
