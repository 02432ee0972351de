/** What the pages may ask of the state classes: the wall between how it looks and how it works. */
import type { Explanation } from '#shared/explain/explain.ts';
import type { CardGate } from '#shared/schema/gate.ts';
import type { ConfusionEvidence } from '#shared/metrics/confusion-evidence.ts';
import type { LabelErrors } from '#shared/dataset/label-errors.ts';
import type { Recognised } from '#shared/formats/foreign.ts';
import type { ForeignWish } from '#shared/formats/selection.ts';
import type { Plan } from '#shared/dataset/plan.ts';
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { DataSetOptions, Part } from '#shared/schema/dataset.ts';
import type { Guidance } from '#shared/schema/guidance.ts';
import type { ConfusedTable, MergeRule, SubClass, UnknownLabel } from '#shared/schema/label.ts';
import type { ModelLabel } from '#shared/schema/model.ts';
import type { Edits, Fault, Origin, Photo } from '#shared/schema/photo.ts';
import type { FieldChange } from '../storage/acts.ts';
import type { Check } from '../storage/checks.ts';
import type { ActWords, JournalEntry, PartChange } from '../storage/journal.ts';
import type { SavedFilter } from '../storage/saved-filters.ts';
import type { Quiz } from '../storage/quizzes.ts';
import type { LabelPair, PersonKeys, SplitCheck } from '../storage/settings.ts';
import type { Settlement } from '../storage/duplicate-acts.ts';
import type { BinnedPhoto, StoredDecision } from '../storage/upgrades.ts';
import type { CheckingState } from './contract-check.ts';
import type { BulkState } from './contract-bulk.ts';
import type { DuplicateSearch } from './duplicate-search.ts';
import type { EditSource } from './editing.ts';
import type { VariationDrawer } from './variations.ts';

export type { LabelError, LabelErrors } from '#shared/dataset/label-errors.ts';
export type { FieldChange } from '../storage/acts.ts';
export type { Settlement } from '../storage/duplicate-acts.ts';
export type { StoredDecision } from '../storage/upgrades.ts';
export type { Likeness, Lookalikes } from './duplicate-search.ts';
export type { EditSource } from './editing.ts';
export type { VariedPhoto } from './variations.ts';
export type { ActWords, JournalEntry } from '../storage/journal.ts';
export type { Check, Kept } from '../storage/checks.ts';
export type { Quiz, QuizAnswer } from '../storage/quizzes.ts';
export type { LabelPair, SplitCheck } from '../storage/settings.ts';
export type { PhotoFilter, SavedFilter } from '../storage/saved-filters.ts';

/** A key that a person chose for an act. */
export type KeyChoice = PersonKeys['keys'][number];

/** One record as a whole: a label, rule, benchmark, setting; `after` null takes it away. */
export type PartEdit = Pick<PartChange, 'store' | 'key' | 'after'>;

/** A file that was not taken in, and why, in words for people. */
export interface Problem {
  readonly file: string;
  readonly reason: string;
}

/**
 * Long work that can be watched and cancelled. `done` counts what was looked at: in an import that is
 * added + known + problems, in an export photos written.
 */
export type JobState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number; readonly label: string }
  | {
      readonly kind: 'finished';
      readonly done: number;
      readonly total: number;
      /** Already there by content hash, so not added twice. */
      readonly known: number;
      readonly problems: readonly Problem[];
      /** Lists of labels that came with the files. */
      readonly lists?: readonly Recognised[];
    }
  | { readonly kind: 'cancelled'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'failed';
      /** What happened, what was kept, what to do next. */
      readonly message: string;
      readonly done: number;
      readonly problems: readonly Problem[];
    };

export type LibraryStatus =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready' }
  /** Another tab holds an older version open: the person is asked to close it. */
  | { readonly kind: 'blocked' }
  /** Another tab has taken a newer version: reload. */
  | { readonly kind: 'outdated' }
  /** The browser took the database away or cannot open it. */
  | { readonly kind: 'lost'; readonly message: string };

export type LabelChoice = { readonly kind: 'sub-class' | 'unknown'; readonly id: string };

/** A label that photos get in the same act as something else. */
export interface GivenLabel {
  readonly ids: readonly string[];
  readonly label: LabelChoice;
}

/** How files are taken in. */
export interface ImportWish {
  /** A photo in the folder "Red Panda" gets the label "Red Panda". */
  readonly labelByFolder: boolean;
  readonly origin: Origin;
  /** Where single pictures came from, where that is known better than "a file". */
  readonly source?: 'camera' | 'paste';
  /** What all of them show, where no folder says otherwise. */
  readonly label?: LabelChoice | null;
}

/** An export that was stopped, failed or killed. */
export interface UnfinishedExport {
  readonly name: string;
  readonly startedAt: string;
  /** Parts written, and all of them. */
  readonly done: number;
  readonly of: number;
}

/** The published network as the library uses it. */
export interface Eyes {
  readonly version: number;
  /** SHA-256 of the version's weights. */
  readonly network: string;
  /** Its classes, in the order of its outputs. */
  readonly labels: readonly ModelLabel[];
  /** At and above it, guests get an answer: 0 … 1. */
  readonly threshold: number;
}

export interface LearntGuess {
  /** Id of a sub-class. */
  readonly label: string;
  /** Softmax value 0…1 of what was learnt here; it says nothing beside a score of the published model. */
  readonly score: number;
}

/** In which order to go through photos by what they look like. */
export type LikenessOrder =
  /** Photos without a label, those first that fit two labels equally well. */
  | { readonly kind: 'unsure' }
  /** Photos that look like this one. */
  | { readonly kind: 'alike'; readonly photo: string }
  /** Photos without a label that look like those with this sub-class. */
  | { readonly kind: 'alike-label'; readonly label: string }
  /** Photos of a sub-class, those first that look least like its others. */
  | { readonly kind: 'odd'; readonly label: string };

/** Examples of a class to hold beside a photo (P3-58). */
export interface ExampleWish {
  readonly photo: string;
  /** Ids of the class's sub-classes. */
  readonly of: readonly string[];
  /** Not these: what was shown before. */
  readonly but?: readonly string[];
  readonly count: number;
}

export interface Examples {
  /**
   * Ids. Never the photo itself, a near-duplicate of it, a faulty or an excluded one; those whose own label is doubted
   * come last.
   */
  readonly photos: readonly string[];
  /**
   * So many of them, from the first on, are the nearest ones in the eyes of the network, nearest first; the others could
   * not be compared and come newest first. 0: none could.
   */
  readonly compared: number;
}

/** What is learnt here, in a worker, from the labels given so far. */
export interface LearningState {
  /** How far the photos' features are read, or why nothing is learnt. */
  readonly status: 'off' | 'reading' | 'ready' | 'failed';
  /** Photos whose features are at hand. */
  readonly seen: number;
  /** What was learnt from; null while there are not three examples each of two labels. */
  readonly knowledge: { readonly photos: number; readonly labels: number } | null;
  /** Counts what was learnt: with another number, other answers. */
  readonly revision: number;
  /**
   * Begins to learn from the features that this version left; a second call for the same goes on.
   * @param purpose `compare` only reads them, for `examples`, `labelErrors` and orders by likeness: nothing is learnt
   */
  readonly start: (eyes: Pick<Eyes, 'version' | 'network'>, purpose?: 'learn' | 'compare') => void;
  /** Lets go of everything at hand. */
  readonly stop: () => void;
  /** Told of all photos when a label may have changed; learns anew a little later. */
  readonly follow: (photos: readonly Photo[]) => void;
  /**
   * The three labels that a photo most looks like; none for one that was not seen.
   * `taught`: it has learnt from this very photo, so that this is no second opinion
   */
  readonly suggest: (
    photo: string,
  ) => Promise<{ readonly top: readonly LearntGuess[]; readonly taught: boolean }>;
  /** Ids of photos that were seen, at most some thousands; none where too little is known. */
  readonly order: (order: LikenessOrder) => Promise<readonly string[]>;
  /**
   * Photos of a class that look most like a photo, of those that `follow` was told of. It never rejects: while it is off,
   * or nothing was seen, they come newest first. Quick enough for one call a class and question; ask for the next
   * question's ahead of it.
   */
  readonly examples: (wish: ExampleWish) => Promise<Examples>;
  /** Photos whose labels are doubted from now on, in place of all before: examples avoid them. */
  readonly doubt: (photos: readonly string[]) => void;
  /**
   * Looks for wrong labels of sub-classes by confident learning: five heads, each of which learns from four fifths of the
   * labelled photos, judge the other fifth; near-duplicates are never apart. A minute or two for a hundred thousand photos
   * of a thousand labels; examples and suggestions are answered meanwhile. `start` comes first; while features are still
   * read it waits for them. What it finds is doubted, too. A second call takes the place of the first.
   * @param options `progress` is told the share done, 0 … 1
   * @throws the signal's reason; an `AbortError` where nothing was started or `stop` came in between; an error with words
   *   for people where the worker broke down or another call took its place
   */
  readonly labelErrors: (options: {
    readonly progress: (share: number) => void;
    readonly signal: AbortSignal;
  }) => Promise<LabelErrors>;
}

/** The SME's library: photos, labels and the work on them. */
export interface LibraryState {
  readonly status: LibraryStatus;
  /** Newest first. Replaced as a whole on change. */
  readonly photos: readonly Photo[];
  /** One of them, as it is now, without a pass over all. */
  photo: (id: string) => Photo | undefined;
  readonly subClasses: readonly SubClass[];
  readonly unknownLabels: readonly UnknownLabel[];
  readonly mergeRules: readonly MergeRule[];
  readonly benchmarks: readonly Benchmark[];
  readonly confused: ConfusedTable;
  /** Merges that were taken apart and whose photos want a second look. */
  readonly splitChecks: readonly SplitCheck[];
  /** Confusions of models that somebody did not take into the table of commonly confused pairs. */
  readonly dismissedPairs: readonly LabelPair[];
  /** Filters of the photo grid that were kept under a name. */
  readonly savedFilters: readonly SavedFilter[];
  /** What people decided about verdicts of models. */
  readonly checks: readonly Check[];
  /** What the planner builds with. */
  readonly planOptions: DataSetOptions;
  /** Name stamped on decisions; empty until asked. */
  person: string;
  /** Keys that this person chose; empty for the usual ones. */
  keys: readonly KeyChoice[];
  /** The zoo's own words on good photos; null until somebody wrote some. */
  readonly guidance: Guidance | null;
  /** Measuring of photos that came without measures, in the background. */
  readonly measureJob: JobState;
  readonly importJob: JobState;
  readonly exportJob: JobState;
  /** What undo and redo would do, for the words on their buttons; null: nothing. */
  readonly undoable: ActWords | null;
  readonly redoable: ActWords | null;
  /** Is storage persistent, and how full is it (bytes)? null while unknown. */
  readonly storage: { readonly persisted: boolean; readonly usage: number; readonly quota: number } | null;
  readonly lastExportAt: string | null;
  /** The export that was cut short and can be gone on with; null for none, or while one is running. */
  readonly unfinishedExport: UnfinishedExport | null;
  /** The library had changed since an export was cut short, so all of it was written anew. */
  readonly exportRestarted: boolean;
  /** Before this instant nobody wants to be reminded of exporting; null: they may. */
  readonly remindExportAt: string | null;
  open: () => Promise<void>;
  /** Imports photos, zips of photos and export shards; folders arrive as files with `webkitRelativePath`. */
  importFiles: (files: readonly File[], options: ImportWish) => Promise<void>;
  cancelImport: () => void;
  /** Loads the sample library that the server offers; rejects with a message for people. */
  importSample: () => Promise<void>;
  /** Object URL of a small JPEG; the caller does not revoke it. */
  thumbnail: (id: string) => Promise<string>;
  /** Object URL of the canonical image; the caller revokes it. */
  image: (id: string) => Promise<string>;
  createLabel: (kind: LabelChoice['kind'], name: string) => Promise<LabelChoice>;
  assign: (ids: readonly string[], label: LabelChoice | null) => Promise<void>;
  /** Faults, exclusion, origin. */
  change: (ids: readonly string[], change: FieldChange) => Promise<void>;
  /** What a photo can be edited from, for the screen. */
  editSource: (id: string) => Promise<EditSource>;
  /** Crops and turns a photo in one act that can be undone; `NO_EDITS` shows it as it came. */
  edit: (id: string, edits: Edits) => Promise<void>;
  /** Whether files that come in are kept as they came, beside the canonical images. */
  readonly keepOriginals: boolean;
  setKeepOriginals: (keep: boolean) => Promise<void>;
  /** Kept files: how many, and their bytes. */
  originals: () => Promise<{ readonly photos: number; readonly bytes: number }>;
  /** Deletes all kept files; it cannot be undone. */
  deleteOriginals: () => Promise<void>;
  /** Variations of photos as training makes them, drawn in a worker. */
  variations: VariationDrawer['draw'];
  /** Changes labels, rules, benchmarks or settings, and labels of photos with them, in one act that can be undone. */
  changeParts: (
    words: ActWords,
    changes: readonly PartEdit[],
    ...given: readonly GivenLabel[]
  ) => Promise<void>;
  keepPlanOptions: (options: DataSetOptions) => Promise<void>;
  /** What the trainer would make of the library; rejects in words where it contradicts itself. */
  plan: (options: DataSetOptions, signal: AbortSignal) => Promise<Plan>;
  /** Ids of the photos that the trainer would put in each part of a data set; rejects in words as `plan` does. */
  plannedParts: (signal: AbortSignal) => Promise<Readonly<Record<Part, readonly string[]>>>;
  /** Replaces the guidance as an act that can be undone; null goes back to the usual words. */
  setGuidance: (guidance: Guidance | null) => Promise<void>;
  /** Measures what is not measured yet; ends as `measureJob`, never as a rejection. */
  measure: () => Promise<void>;
  stopMeasuring: () => void;
  /** Showing photos to the published model, in the background. */
  readonly seeJob: JobState;
  /** Shows it those that this version has not seen; ends as `seeJob`, never as a rejection. */
  see: (eyes: Eyes) => Promise<void>;
  stopSeeing: () => void;
  /** The best guess that a version left for each photo it has looked at, by photo. */
  guesses: (
    version: number,
  ) => Promise<ReadonlyMap<string, { readonly label: string; readonly score: number }>>;
  /** Sittings of the human benchmark, newest first; those under way among them. */
  quizzes: () => Promise<readonly Quiz[]>;
  /** Keeps a sitting as far as it has come. */
  keepQuiz: (quiz: Quiz) => Promise<void>;
  forgetQuiz: (id: string) => Promise<void>;
  /** The double-check: what it is to go through, and where it is. */
  readonly checking: CheckingState;
  /** Identification of many pictures at once. */
  readonly bulk: BulkState;
  /** What is learnt while somebody labels. */
  readonly learning: LearningState;
  /** Photos that look alike, searched in a worker. */
  findDuplicates: DuplicateSearch['find'];
  /** What was decided about look-alikes before. */
  duplicateDecisions: () => Promise<readonly StoredDecision[]>;
  /** Decides on groups of look-alikes in one act that can be undone. */
  settleDuplicates: (settlements: readonly Settlement[]) => Promise<void>;
  /** @param fault why: it is noted on the photos in the same act */
  remove: (ids: readonly string[], fault?: Fault) => Promise<void>;
  /** What lies in the bin, newest first. */
  bin: () => Promise<readonly BinnedPhoto[]>;
  restore: (ids: readonly string[]) => Promise<void>;
  /** Deletes what lies in the bin for good. */
  emptyBin: () => Promise<void>;
  /** Room that emptying the bin would free, in bytes of images. */
  binBytes: () => Promise<number>;
  /** Everything that was done to a photo, newest first. */
  history: (id: string) => Promise<readonly JournalEntry[]>;
  undo: () => Promise<void>;
  redo: () => Promise<void>;
  /** Writes zip shards: to a folder where the browser can and the person picked one, else as downloads. */
  exportLibrary: (name: string) => Promise<void>;
  /** Writes one zip for another program, as `exportJob`; what it leaves behind is said by its writer's `losses`. */
  exportForeign: (name: string, wish: ForeignWish) => Promise<void>;
  cancelExport: () => void;
  /** Goes on with the unfinished export; parts that are written and whole stay as they are. */
  resumeExport: () => Promise<void>;
  forgetExport: () => Promise<void>;
  postponeExportReminder: (until: string) => Promise<void>;
  /** Asks the browser to keep the library, whatever it needs room for. Best in a click: some show a question. */
  askToPersist: () => Promise<void>;
}

export type ModelStatus =
  | { readonly kind: 'starting' }
  /** No version is published yet. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'loading';
      readonly version: number;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly kind: 'ready';
      readonly version: number;
      readonly engine: string;
      readonly labels: readonly ModelLabel[];
      /** Softmax value 0…1 from which it answers. */
      readonly threshold: number;
      /** What the release gate said of the version. */
      readonly gate: CardGate;
    }
  /** A newer version was refused; `kept` is the one in use, if any. */
  | { readonly kind: 'failed'; readonly message: string; readonly kept: number | null };

export interface Guess {
  readonly label: ModelLabel;
  /** Softmax value 0…1. */
  readonly score: number;
}

export interface IdentifyResult {
  /** Content hash of the picture: an answer that belongs to another picture is dropped. */
  readonly photo: string;
  readonly version: number;
  readonly engine: string;
  /** Best first, three of them (fewer when there are fewer classes). */
  readonly top: readonly Guess[];
  readonly threshold: number;
  readonly answered: boolean;
  /** Full softmax, in the order of the version's labels. */
  readonly scores: readonly number[];
  /** Object URL of the canonical image; the caller revokes it. */
  readonly imageUrl: string;
  readonly timings: { readonly decode: number; readonly prepare: number; readonly infer: number };
}

/** What the published version took for what, on photos that it was not trained with. */
export interface Confusions {
  readonly version: number;
  /** Most frequent first. */
  readonly pairs: readonly ConfusionEvidence[];
}

/** What a version looked at when it judged a picture (P6-20). */
export interface Explained extends Explanation {
  readonly version: number;
  /** The class that was asked about. */
  readonly label: ModelLabel;
  /** The version's best guess for the picture. */
  readonly best: ModelLabel;
}

export interface ExplainOptions {
  /** Told of the runs of the network done, and all of them. */
  readonly progress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** The published model on this device. */
export interface ModelState {
  readonly status: ModelStatus;
  start: () => Promise<void>;
  /** Looks at the catalog again and takes a newer version over when all its hashes are right. */
  refresh: () => Promise<void>;
  /** Rejects with a message for people (not an image, no model yet …). */
  identify: (picture: Blob) => Promise<IdentifyResult>;
  /** The mistakes of the version that guests get, fetched when asked; null where nothing tells. Rejects in words. */
  confusions: () => Promise<Confusions | null>;
  /** The version in use, to look at photos of the library; null where none can be used. */
  eyes: () => Promise<Eyes | null>;
  /**
   * What the version in use looked at, found by covering parts of the picture: some fifty runs of the network, a few at a
   * time, so that whoever wants to identify a picture meanwhile hardly waits.
   * @param image a canonical PNG
   * @param labelId a class of the version; null: its best guess for the picture
   * @throws the signal's reason, or in words: no model yet, a class that it does not know, no image
   */
  explain: (image: Blob, labelId: string | null, options: ExplainOptions) => Promise<Explained>;
}

/** A new version of the app itself. */
export interface UpdateState {
  /** A new version waits for consent. */
  readonly waiting: boolean;
  /** The app can be used without a network now. */
  readonly offlineReady: boolean;
  /** Takes the waiting version over in every tab, after work in progress was saved. */
  accept: () => void;
}
