import type { Photo } from '#shared/schema/photo.ts';
import type { LearnApi, ReadPage } from '../workers/learn.worker.ts';
import type { Remote, TypedWorker } from '../workers/spawn.ts';
import type { LearningState, LikenessOrder } from './contract.ts';
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

  start: LearningState['start'] = (eyes) => {
    if (this.#visit?.eyes.network === eyes.network && this.#status !== 'failed') return;
    this.stop();
    const visit = createVisit(eyes);
    this.#visit = visit;
    this.#status = 'reading';
    void this.#attempt(visit, () => this.#read(visit));
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
    await this.#learn(visit);
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
      while (await this.#say(visit)) await this.#learnOnce(visit);
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

  /** Tells the worker what changed. @returns whether anything did */
  async #say(visit: Visit): Promise<boolean> {
    const said = visit.sayer.changes(this.#photos);
    const [fresh, forgotten] = [[...visit.fresh], [...visit.forgotten]];
    visit.fresh.clear();
    visit.forgotten.clear();
    if (forgotten.length > 0) await this.#ask(visit, (api) => api.forget(forgotten));
    if (fresh.length > 0)
      this.#seen = await this.#ask(visit, (api) => api.readThese(visit.eyes.network, fresh));
    if (said.length > 0) await this.#ask(visit, (api) => api.say(said));
    return said.length + fresh.length + forgotten.length > 0;
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
