import type { EvidenceState, OpenScores } from '../../../state/contract-evidence.ts';
import type { LabelErrors } from '../../../state/contract.ts';
import { messageOf } from '../../../components/problem.ts';
import type { RoomProps } from '../rooms.ts';
import { isKept, keptFor } from './outcome.ts';
import { NO_SETS, type Stock } from './queue.ts';
import { answersOfScores } from './scores.ts';
import { tallyOf, type Tally } from './tally.ts';
import {
  answersHere,
  classesOf,
  NO_ANSWERS,
  verdictsOf,
  type Answers,
  type Classes,
  type Judge,
} from './verdicts.ts';

/** Where verdicts come from: what was looked at here, or the scores that a version was published with. */
export type Source = 'here' | 'scores';

export type ReadingStatus =
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  | { readonly kind: 'ready' }
  /** There is no model to ask. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly message: string };

interface Read {
  readonly judge: Judge;
  readonly answers: Answers;
}

/** What the version in use makes of the library, and everything that a queue is made of. Nothing is read before `read()`. */
export class Verdicts {
  readonly #room: RoomProps;
  #source = $state<Source>('here');
  #status = $state.raw<ReadingStatus>({ kind: 'reading', done: 0, total: 0 });
  #read = $state.raw<Read | null>(null);
  #stop = new AbortController();
  /** Photos that were kept are asked about again. */
  again = $state(false);
  /** Found when somebody asks. */
  suspects = $state.raw<LabelErrors | null>(null);
  /** Parts of the data set that the trainer would make now, where the verdicts name none. */
  sets = $state.raw<Stock['sets']>(NO_SETS);

  readonly classes: Classes = $derived.by(() =>
    classesOf(this.judge?.labels ?? [], this.#room.library.mergeRules),
  );
  readonly #byPhoto = $derived.by(() => {
    const answers = this.#read?.answers ?? NO_ANSWERS;
    return verdictsOf(this.#room.library.photos, answers, this.classes, this.judge?.threshold ?? 1);
  });
  readonly stock: Stock = $derived.by(() => {
    const { photos, checks, checking } = this.#room.library;
    const kept = keptFor(this.judge?.version ?? 0, checks);
    return {
      photos,
      answers: this.#read?.answers ?? NO_ANSWERS,
      verdicts: this.#byPhoto,
      suspects: this.suspects?.errors ?? [],
      picked: checking.picked,
      sets: this.sets,
      kept: (photo) => isKept(photo, kept),
      again: this.again,
    };
  });
  readonly tally: Tally = $derived.by(() => tallyOf(this.stock));

  constructor(room: RoomProps) {
    this.#room = room;
  }

  get status(): ReadingStatus {
    return this.#status;
  }
  /** Who judged; null while nothing was read. */
  get judge(): Judge | null {
    return this.#read?.judge ?? null;
  }
  get source(): Source {
    return this.#source;
  }
  set source(source: Source) {
    this.#source = source;
    void this.read();
  }

  /** Reads all verdicts of the source anew; ends as `status`, never as a rejection. */
  read = async (): Promise<void> => {
    this.#stop.abort();
    const stop = (this.#stop = new AbortController());
    this.#status = { kind: 'reading', done: 0, total: 0 };
    try {
      const read = await (this.#source === 'here' ? this.#here() : this.#published(stop.signal));
      if (stop.signal.aborted) return;
      this.#read = read;
      this.#status = { kind: read ? 'ready' : 'none' };
    } catch (error) {
      if (!stop.signal.aborted) this.#status = { kind: 'failed', message: messageOf(error) };
    }
  };

  /** Lets go of what is being read. */
  end = (): void => {
    this.#stop.abort();
  };

  async #judge(): Promise<Judge | null> {
    const eyes = await this.#room.model.eyes();
    if (!eyes) return null;
    const { version, labels, threshold } = eyes;
    const plain = labels.map(({ id, name, subClasses }) => ({ id, name, subClasses: [...subClasses] }));
    return { version: version as Judge['version'], labels: plain, threshold };
  }

  async #here(): Promise<Read | null> {
    const judge = await this.#judge();
    if (!judge) return null;
    return { judge, answers: await answersHere(this.#room.library, judge.version) };
  }

  async #published(signal: AbortSignal): Promise<Read | null> {
    const judge = await this.#judge();
    const evidence: EvidenceState | undefined = await this.#room.openEvidence?.();
    if (!judge || !evidence) return null;
    const progress = (done: number, total: number): void => {
      if (!signal.aborted) this.#status = { kind: 'reading', done, total };
    };
    const source = { kind: 'version', version: judge.version } as const;
    const scores: OpenScores = await evidence.openScores(source, progress, signal);
    try {
      return { judge, answers: answersOfScores(await scores.verdicts(), scores) };
    } finally {
      scores.close();
    }
  }
}
