import { isAnswer } from '#shared/schema/names.ts';
import type { Catalog, ModelLabel } from '#shared/schema/model.ts';
import { sha256 } from '../platform/hash.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { modelDatabase, type ModelSchema } from '../storage/model-db.ts';
import { fetchCatalog, fetchVersion, Unreachable } from '../storage/model-fetch.ts';
import {
  adoptVersion,
  openHeld,
  readVersion,
  rememberSequence,
  seenSequence,
} from '../storage/model-store.ts';
import { ModelRefused, openVersion, type UsableVersion } from '../storage/model-version.ts';
import type { EngineName } from '../workers/engine-names.ts';
import type { Identified, InferApi } from '../workers/infer.worker.ts';
import { spawn, WorkerBroken, type Remote, type TypedWorker } from '../workers/spawn.ts';
import type { Eyes, Guess, IdentifyResult, ModelState, ModelStatus } from './contract.ts';
import { forcedEngine } from './forced-engine.ts';

/** The published model on this device. Nothing is fetched before `start()`. */
export function createModel(): ModelState {
  return new Model(forcedEngine());
}

const NONE_YET = 'No model is published yet. An engineer publishes one; then try again.';
const GUESSES = 3;

class Model implements ModelState {
  #status = $state.raw<ModelStatus>({ kind: 'starting' });
  readonly #forced: EngineName | null;
  readonly #worker: TypedWorker<InferApi>;
  readonly #never = new AbortController().signal;
  #database: Promise<Database<ModelSchema>> | null = null;
  /** The version that answers; its bytes stay here, so that a worker that broke down can be started again. */
  #inUse: UsableVersion | null = null;
  #engine: EngineName | null = null;
  #loadedInto: UsableVersion | null = null;
  #refreshing: Promise<void> | null = null;
  #starting: Promise<void> | null = null;

  constructor(forced: EngineName | null) {
    this.#forced = forced;
    this.#worker = spawn<InferApi>(
      () => new Worker(new URL('../workers/infer.worker.ts', import.meta.url), { type: 'module' }),
      null,
    );
  }

  get status(): ModelStatus {
    return this.#status;
  }

  /** Pages ask for it whenever they appear; it happens once. */
  start = (): Promise<void> => {
    this.#starting ??= this.#start();
    return this.#starting;
  };

  async #start(): Promise<void> {
    try {
      const held = await openHeld(await this.#open());
      if (held.usable) await this.#use(held.usable);
    } catch (cause) {
      // Without storage, or with a held version that does not run: what the server offers may still work.
      this.#fail(cause);
    }
    await this.refresh();
  }

  refresh = (): Promise<void> => {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  };

  identify = async (picture: Blob): Promise<IdentifyResult> => {
    // A guest may be quicker than the download: the picture waits for the model.
    if (!this.#inUse) await (this.#refreshing ?? this.start());
    const version = this.#inUse;
    if (!version) throw new Error(this.#status.kind === 'failed' ? this.#status.message : NONE_YET);
    const answer = await this.#ask(picture, version);
    if (answer.engine !== this.#engine) this.#ready(version, answer.engine);
    return toResult(answer, version);
  };

  confusions: ModelState['confusions'] = async () => {
    // Only keepers ask: guests do not download the code for it.
    const { readConfusions } = await import('./confusions.ts');
    return readConfusions(this.#never);
  };

  eyes = async (): Promise<Eyes | null> => {
    if (!this.#inUse) await (this.#refreshing ?? this.start());
    const version = this.#inUse;
    if (!version) return null;
    return {
      version: version.version,
      network: await sha256(version.weights),
      labels: version.labels,
      threshold: version.threshold,
    };
  };

  explain: ModelState['explain'] = async (image, labelId, options) => {
    if (!this.#inUse) await (this.#refreshing ?? this.start());
    const version = this.#inUse;
    if (!version) throw new Error(NONE_YET);
    // Only keepers ask: guests do not download the code for it.
    const { explainImage } = await import('./explaining.ts');
    const onGpu = this.#engine === 'webgpu' || this.#engine === 'webgl';
    return explainImage({ version, onGpu, run: (work) => this.#run(version, work) }, image, labelId, options);
  };

  #ask(picture: Blob, version: UsableVersion): Promise<Identified> {
    return this.#run(version, (api) => api.identify(picture, version.canonicalSize));
  }

  async #run<T>(version: UsableVersion, work: (api: Remote<InferApi>) => Promise<T>): Promise<T> {
    const job = async (api: Remote<InferApi>): Promise<T> => {
      if (this.#loadedInto !== version) await this.#loadInto(api, version);
      return work(api);
    };
    try {
      return await this.#worker.run(this.#never, job);
    } catch (cause) {
      if (!(cause instanceof WorkerBroken)) throw cause;
      // The next worker starts empty; the picture gets a second chance in it.
      this.#loadedInto = null;
      return this.#worker.run(this.#never, job);
    }
  }

  async #refresh(): Promise<void> {
    try {
      const catalog = await fetchCatalog(this.#never);
      const offered = catalog && (await this.#believe(catalog));
      if (offered) await this.#take(offered);
      else if (!this.#inUse) this.#status = { kind: 'none' };
      else this.#ready(this.#inUse, this.#engine);
    } catch (cause) {
      if (cause instanceof Unreachable && this.#inUse) this.#ready(this.#inUse, this.#engine);
      else this.#fail(cause);
    }
  }

  /** The version that the catalog offers; null when there is none, or it is in use already. @throws ModelRefused */
  async #believe(catalog: Catalog): Promise<Catalog['versions'][number] | null> {
    const db = await this.#open();
    const seen = await seenSequence(db);
    if (catalog.sequence < seen) {
      throw new ModelRefused(
        `The server's list of versions is older (${String(catalog.sequence)}) than one seen before (${String(seen)}).`,
      );
    }
    await rememberSequence(db, catalog.sequence);
    const { current } = catalog;
    if (current === null || current === this.#inUse?.version) return null;
    const offered = catalog.versions.find((entry) => entry.version === current);
    if (!offered)
      throw new ModelRefused(`catalog.json names version ${String(current)} but does not list it.`);
    return offered;
  }

  /** Downloads (or finds on the device), checks, warms up, stores, and only then switches. */
  async #take(offered: Catalog['versions'][number]): Promise<void> {
    const db = await this.#open();
    const { version } = offered;
    const held = await readVersion(db, version);
    const loading = (loadedBytes: number, totalBytes: number): void => {
      if (!this.#inUse) this.#status = { kind: 'loading', version, loadedBytes, totalBytes };
    };
    loading(0, 0);
    const matches = held?.cardSha256 === offered.card.sha256;
    let stored = matches ? held : await fetchVersion(offered, loading, this.#never);
    let usable: UsableVersion;
    try {
      usable = await openVersion(stored);
    } catch (cause) {
      if (!matches) throw cause;
      // The copy on the device rotted: fetch it again.
      stored = await fetchVersion(offered, loading, this.#never);
      usable = await openVersion(stored);
    }
    const before = this.#inUse;
    await this.#use(usable);
    try {
      await adoptVersion(db, stored);
    } catch (cause) {
      if (before) await this.#use(before);
      throw cause;
    }
  }

  async #use(version: UsableVersion): Promise<void> {
    const engine = await this.#worker.run(this.#never, (api) => this.#loadInto(api, version));
    this.#ready(version, engine);
  }

  async #loadInto(api: Remote<InferApi>, version: UsableVersion): Promise<EngineName> {
    const engine = await api.load({ file: version.file, weights: version.weights }, this.#forced);
    this.#loadedInto = version;
    return engine;
  }

  #ready(version: UsableVersion, engine: EngineName | null): void {
    this.#inUse = version;
    this.#engine = engine;
    this.#status = {
      kind: 'ready',
      version: version.version,
      engine: engine ?? 'cpu',
      labels: version.labels,
      threshold: version.threshold,
      gate: version.gate,
    };
  }

  #fail(cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause);
    this.#status = { kind: 'failed', message, kept: this.#inUse?.version ?? null };
  }

  #open(): Promise<Database<ModelSchema>> {
    const forget = (): void => {
      this.#database = null;
    };
    this.#database ??= openDatabase(modelDatabase, forget);
    // A failure is not remembered either.
    this.#database.catch(forget);
    return this.#database;
  }
}

function toResult(answer: Identified, version: UsableVersion): IdentifyResult {
  const guesses = version.labels.map((label: ModelLabel, i): Guess => ({
    label,
    score: answer.scores[i] ?? 0,
  }));
  const top = guesses.toSorted((a, b) => b.score - a.score).slice(0, GUESSES);
  return {
    photo: answer.photo,
    version: version.version,
    engine: answer.engine,
    top,
    threshold: version.threshold,
    answered: isAnswer(top[0]?.score ?? 0, version.threshold),
    scores: answer.scores,
    imageUrl: URL.createObjectURL(new Blob([answer.image], { type: 'image/png' })),
    timings: answer.timings,
  };
}
