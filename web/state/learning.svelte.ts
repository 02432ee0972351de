import { newestExamples, type ExampleQuestion } from '#shared/dataset/examples.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { LearnApi, ReadPage } from '../workers/learn.worker.ts';
import type { Remote, TypedWorker } from '../workers/spawn.ts';
import type { LearningState, LikenessOrder } from './contract.ts';
import { searchLabelErrors } from './label-search.ts';
import { createVisit, startLearner, type Visit } from './learning-visit.ts';

/** After a label, or features that were just stored, it waits so long for more of them. */
const SOON_MS = 400;
/** It learns in pieces of so long, so that a question in between is answered soon. */
const PIECE_MS = 40;

/** Learns in a worker from the labels of a library while somebody gives them. */
export class Learning implements LearningState {
  #status = $state.raw<LearningState['status']>('off');
  #seen = $state(0);
  #knowledge = $state.raw<LearningState['knowledge']>(null);
  #revision = $state(0);
  readonly #worker: TypedWorker<LearnApi> = startLearner();
  #visit: Visit | null = null;
  #photos: readonly Photo[] = [];
  /** Photos whose labels are doubted: told, and found here. */
  #doubts: readonly string[] = [];

  get status(): LearningState['status'] {
    return this.#status;
  }
  get seen(): number {
    return this.#seen;
  }
  get knowledge(): LearningState['knowledge'] {
    return this.#knowledge;
  }
  get revision(): number {
    return this.#revision;
  }

  start: LearningState['start'] = (eyes, purpose = 'learn') => {
    const learns = purpose === 'learn';
    if (this.#visit?.eyes.network === eyes.network && this.#status !== 'failed') {
      this.#visit.learns ||= learns;
      this.#soon();
      return;
    }
    this.stop();
    const visit = createVisit(eyes, learns);
    this.#visit = visit;
    this.#status = 'reading';
    visit.reading = this.#read(visit);
    void this.#attempt(visit, async () => {
      await visit.reading;
      await this.#learn(visit);
    });
  };

  stop = (): void => {
    clearTimeout(this.#visit?.timer);
    this.#visit?.controller.abort();
    this.#visit = null;
    this.#worker.end();
    this.#status = 'off';
    this.#seen = 0;
    this.#knowledge = null;
  };

  follow: LearningState['follow'] = (photos) => {
    this.#photos = photos;
    this.#soon();
  };

  /** Told of photos whose features were just stored. */
  take(photos: readonly string[]): void {
    for (const photo of photos) this.#visit?.fresh.add(photo);
    this.#soon();
  }

  /** Told of a photo that looks different from now on. */
  forget(photo: string): void {
    this.#visit?.forgotten.add(photo);
    this.#soon();
  }

  suggest: LearningState['suggest'] = async (photo) => {
    const visit = this.#visit;
    if (!visit || this.#status === 'failed') return { top: [], taught: false };
    return this.#ask(visit, (api) => api.suggest(photo));
  };

  order: LearningState['order'] = async (order) => {
    const visit = this.#visit;
    if (!visit) return [];
    await this.#say(visit);
    return this.#ask(visit, (api) => orderOf(api, order, visit.eyes.version));
  };

  examples: LearningState['examples'] = async (wish) => {
    // Copied: what a page keeps as its state cannot be sent to a worker.
    const question = { ...wish, of: [...wish.of], but: [...(wish.but ?? [])] };
    const near = await this.#nearest(question);
    if (near.length === wish.count) return { photos: near, compared: near.length };
    const rest = { ...question, but: [...question.but, ...near], count: wish.count - near.length };
    const newest = newestExamples(this.#photos, rest, this.#doubts);
    return { photos: [...near, ...newest], compared: near.length };
  };

  doubt: LearningState['doubt'] = (photos) => {
    this.#doubts = [...photos];
  };

  labelErrors: LearningState['labelErrors'] = async (options) => {
    const visit = this.#visit;
    if (!visit) throw new DOMException('Nothing is compared yet.', 'AbortError');
    options.signal.throwIfAborted();
    await visit.reading;
    await this.#say(visit);
    const found = await searchLabelErrors((job) => this.#ask(visit, job), options);
    this.#doubts = [...this.#doubts, ...found.errors.map(({ photo }) => photo)];
    return found;
  };

  async #nearest(question: ExampleQuestion): Promise<readonly string[]> {
    const visit = this.#visit;
    if (!visit || this.#status === 'failed') return [];
    try {
      await this.#say(visit);
      return await this.#ask(visit, (api) => api.nearest(question));
    } catch {
      // It was stopped or broke down meanwhile: an example that was not compared is better than none.
      return [];
    }
  }

  #ask<R>(visit: Visit, job: (api: Remote<LearnApi>) => Promise<R>): Promise<R> {
    return this.#worker.run(visit.controller.signal, job);
  }

  async #read(visit: Visit): Promise<void> {
    const { network } = visit.eyes;
    const page = (after: string | null): Promise<ReadPage> =>
      this.#ask(visit, (api) => api.read(network, after));
    for (let read = await page(null); ; read = await page(read.next)) {
      this.#seen = read.seen;
      if (read.next === null) break;
    }
    this.#status = 'ready';
  }

  #soon(): void {
    const visit = this.#visit;
    if (!visit) return;
    visit.timer ??= setTimeout(() => {
      visit.timer = undefined;
      void this.#attempt(visit, () => this.#learn(visit));
    }, SOON_MS);
  }

  /** A run is always brought to its end: one that is dropped for each new label would never say anything. */
  async #learn(visit: Visit): Promise<void> {
    if (visit.busy || this.#status !== 'ready') return;
    visit.busy = true;
    try {
      await this.#say(visit);
      while (visit.learns && visit.news) {
        visit.news = false;
        await this.#learnOnce(visit);
        await this.#say(visit);
      }
    } finally {
      visit.busy = false;
    }
  }

  async #learnOnce(visit: Visit): Promise<void> {
    await this.#ask(visit, (api) => api.begin());
    let piece;
    do piece = await this.#ask(visit, (api) => api.learn(PIECE_MS));
    while (!piece.done);
    this.#knowledge = piece.knowledge;
    this.#revision += 1;
  }

  /** Tells the worker what changed. */
  async #say(visit: Visit): Promise<void> {
    const said = visit.sayer.changes(this.#photos);
    const [fresh, forgotten] = [[...visit.fresh], [...visit.forgotten]];
    visit.fresh.clear();
    visit.forgotten.clear();
    visit.news ||= said.length + fresh.length + forgotten.length > 0;
    if (forgotten.length > 0) await this.#ask(visit, (api) => api.forget(forgotten));
    if (fresh.length > 0)
      this.#seen = await this.#ask(visit, (api) => api.readThese(visit.eyes.network, fresh));
    if (said.length > 0) await this.#ask(visit, (api) => api.say(said));
    const doubts = this.#doubts;
    if (visit.doubts === doubts) return;
    visit.doubts = doubts;
    await this.#ask(visit, (api) => api.doubt(doubts));
  }

  /** For work that nobody awaits. It only ever suggests: where it broke down there are no suggestions. */
  async #attempt(visit: Visit, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      if (this.#visit === visit) this.#status = 'failed';
    }
  }
}

function orderOf(api: Remote<LearnApi>, order: LikenessOrder, version: number): Promise<readonly string[]> {
  switch (order.kind) {
    case 'unsure':
      return api.unsure(version);
    case 'alike':
      return api.alike(order.photo);
    case 'alike-label':
      return api.alikeLabel(order.label);
    case 'odd':
      return api.odd(order.label);
  }
}
