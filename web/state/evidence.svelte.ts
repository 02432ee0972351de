/** Published versions and what is known of them: nothing is fetched before it is asked for. */
import { PUBLISHED_SCORES } from '#shared/schema/scores.ts';
import { fetchCard, fetchCatalog, type Listed } from '../storage/model-fetch.ts';
import type { EvidenceApi } from '../workers/evidence.worker.ts';
import type { KnownVersion } from '../workers/open-scores.ts';
import type { ScoresFacts } from '../workers/score-desk.ts';
import { callback, spawn, type Remote, type TypedWorker } from '../workers/spawn.ts';
import type {
  EvidenceState,
  Given,
  OpenScores,
  PublishedVersion,
  ScoresSource,
  VersionEvidence,
  VersionsStatus,
} from './contract-evidence.ts';

export function createEvidence(): EvidenceState {
  return new Evidence();
}

/** A worker that only reads small files ends when nobody wants more of them. */
const IDLE_MS = 10_000;
const NEVER = new AbortController().signal;

class Evidence implements EvidenceState {
  #status = $state.raw<VersionsStatus>({ kind: 'loading' });
  #listed: readonly Listed[] = [];
  #refreshing: Promise<void> | null = null;
  readonly #reader = startWorker(IDLE_MS);

  get status(): VersionsStatus {
    return this.#status;
  }

  refresh = (): Promise<void> => {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  };

  async #refresh(): Promise<void> {
    try {
      const catalog = await fetchCatalog(NEVER);
      this.#listed = (catalog?.versions ?? []).toSorted((a, b) => b.version - a.version);
      const versions = await Promise.all(
        this.#listed.map(async (one): Promise<PublishedVersion> => {
          const { version, publishedAt } = one;
          return { version, publishedAt, current: version === catalog?.current, card: await cardOf(one) };
        }),
      );
      this.#status = versions.length === 0 ? { kind: 'none' } : { kind: 'ready', versions };
    } catch (cause) {
      // A list that was read before is still true of what was published.
      if (this.#status.kind !== 'ready') this.#status = { kind: 'failed', message: wordsOf(cause) };
    }
  }

  evidence = async (version: number, signal: AbortSignal): Promise<VersionEvidence> => {
    const published = await this.#find(version);
    const { card, metrics, training } = await this.#reader.run(signal, (api) => api.facts(published));
    const matrix = card.files.find(({ path }) => path === PUBLISHED_SCORES.matrix);
    return {
      version,
      card,
      metrics: given(metrics, `Version ${String(version)} was published without its figures.`),
      training: given(
        training,
        `Version ${String(version)} was published without the facts of its training.`,
      ),
      scores: given(
        matrix ? { bytes: matrix.bytes } : null,
        `Version ${String(version)} was published without its full scores.`,
      ),
    };
  };

  openScores: EvidenceState['openScores'] = async (source, progress, signal) => {
    const worker = startWorker(null);
    try {
      const open = await this.#openerOf(source, progress);
      const facts = await worker.run(signal, open);
      return { ...facts, ...asking(worker) };
    } catch (cause) {
      worker.end();
      throw cause;
    }
  };

  async #openerOf(
    source: ScoresSource,
    progress: (loaded: number, total: number) => void,
  ): Promise<(api: Remote<EvidenceApi>) => Promise<ScoresFacts>> {
    if (source.kind === 'version') {
      const published = await this.#find(source.version);
      return (api) => api.openVersion(published, callback(progress));
    }
    const known = this.#known();
    return (api) => api.openFiles(source.files, known, callback(progress));
  }

  async #find(version: number): Promise<Listed> {
    if (this.#status.kind !== 'ready') await this.refresh();
    const found = this.#listed.find((listed) => listed.version === version);
    if (found) return found;
    if (this.#status.kind === 'failed') throw new Error(this.#status.message);
    throw new Error(`Version ${String(version)} is not in the list of published versions.`);
  }

  #known(): KnownVersion[] {
    if (this.#status.kind !== 'ready') return [];
    return this.#status.versions.flatMap(({ version, card }) => {
      const published = this.#listed.find((listed) => listed.version === version);
      return published && card.kind === 'given' ? [{ published, card: card.value }] : [];
    });
  }
}

function startWorker(idleMs: number | null): TypedWorker<EvidenceApi> {
  return spawn<EvidenceApi>(
    () => new Worker(new URL('../workers/evidence.worker.ts', import.meta.url), { type: 'module' }),
    idleMs,
  );
}

/** The questions of open scores, asked in their worker. */
function asking(worker: TypedWorker<EvidenceApi>): Omit<OpenScores, keyof ScoresFacts> {
  const open = new AbortController();
  const ask = <T>(job: (api: Remote<EvidenceApi>) => Promise<T>): Promise<T> => worker.run(open.signal, job);
  return {
    figures: (threshold) => ask((api) => api.figures(threshold)),
    photosOf: (question, limit) => ask((api) => api.photosOf(question, limit)),
    topOf: (row) => ask((api) => api.topOf(row)),
    verdicts: () => ask((api) => api.verdicts()),
    close: () => {
      open.abort(new Error('These scores are closed. Open them again.'));
      worker.end();
    },
  };
}

async function cardOf(listed: Listed): Promise<PublishedVersion['card']> {
  try {
    return { kind: 'given', value: (await fetchCard(listed, NEVER)).card };
  } catch (cause) {
    return { kind: 'absent', reason: wordsOf(cause) };
  }
}

function given<T>(value: T | null, reason: string): Given<T> {
  return value === null ? { kind: 'absent', reason } : { kind: 'given', value };
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
