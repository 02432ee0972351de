/** Workers that look at many pictures, each with a network on an engine of its own; guests' worker is another one. */
import type { EngineName } from '../workers/engine-names.ts';
import type { BulkApi } from '../workers/bulk.worker.ts';
import type { Looked, LookWish, Picture } from '../workers/look-many.ts';
import { spawn, WorkerBroken, type Remote, type TypedWorker } from '../workers/spawn.ts';
import { forcedEngine } from './forced-engine.ts';
import type { KeptVersion } from './kept-versions.ts';

/** A version that a crew looks with. */
export type Seer = Pick<KeptVersion, 'network' | 'file' | 'weights'>;

export interface Crew {
  /** Starts the first worker, which tells the engine. @throws Error in words where no engine works */
  readonly ready: (seer: Seer) => Promise<CrewSize>;
  /**
   * What a version makes of some pictures, by their keys; a picture that breaks a worker down is refused.
   * @throws Error in words where no engine works any more
   */
  readonly look: (seer: Seer, pictures: readonly Picture[], wish: LookWish) => Promise<readonly Looked[]>;
}

export interface CrewSize {
  /** Batches under way at the same time. */
  readonly lanes: number;
  /** Pictures that go through the network together. */
  readonly batch: number;
}

const MOST_WORKERS = 4;
const IDLE_MS = 15_000;
/** Batches in each worker: one in the network, one being decoded, one on its way. */
const DEPTH = 3;
/** On wasm more pictures at once gain nothing; a GPU is busy only with some. */
const BATCH: Readonly<Record<EngineName, number>> = { webgpu: 16, webgl: 16, wasm: 8, cpu: 1 };

type Member = TypedWorker<BulkApi>;

/** @param start starts a worker; another one in tests */
export function createCrew(start: () => Worker = startWorker): Crew {
  const members = Array.from({ length: workersHere() }, () => ({
    worker: spawn<BulkApi>(start, IDLE_MS, DEPTH),
    load: 0,
  }));
  /** Where pictures that broke a worker are looked at one by one, so that nothing else breaks with the culprit. */
  const apart = spawn<BulkApi>(start, IDLE_MS);
  const loads = createLoads(forcedEngine());
  let engine: EngineName | null = null;

  const run = async (
    worker: Member,
    seer: Seer,
    pictures: readonly Picture[],
    wish: LookWish,
  ): Promise<readonly Looked[]> =>
    worker.run(NEVER, async (api) => {
      await loads(api, seer);
      return api.look(seer.network, pictures, wish);
    });

  const attempt = async (...wish: [Seer, readonly Picture[], LookWish]): Promise<readonly Looked[]> => {
    const able = members.slice(0, engine && onGpu(engine) ? 1 : members.length);
    const member = able.reduce((best, next) => (next.load < best.load ? next : best));
    member.load += 1;
    try {
      return await run(member.worker, ...wish);
    } finally {
      member.load -= 1;
    }
  };

  const oneByOne = async (
    seer: Seer,
    pictures: readonly Picture[],
    wish: LookWish,
  ): Promise<readonly Looked[]> => {
    const looked: Looked[] = [];
    for (const picture of pictures) {
      try {
        looked.push(...(await run(apart, seer, [picture], wish)));
      } catch (cause) {
        if (!(cause instanceof WorkerBroken)) throw cause;
        looked.push({ kind: 'refused', key: picture.key, reason: BREAKS });
      }
    }
    return looked;
  };

  return {
    ready: async (seer) => {
      const first = members[0] as (typeof members)[number];
      engine = await first.worker.run(NEVER, (api) => loads(api, seer));
      const workers = onGpu(engine) ? 1 : members.length;
      return { lanes: workers * DEPTH, batch: BATCH[engine] };
    },
    look: async (...wish) => {
      for (let tries = 0; tries < 2; tries++) {
        try {
          return await attempt(...wish);
        } catch (cause) {
          // The next worker starts empty; the batch gets a second chance in it.
          if (!(cause instanceof WorkerBroken)) throw cause;
        }
      }
      return oneByOne(...wish);
    },
  };
}

const NEVER = new AbortController().signal;
const BREAKS = 'This picture breaks the part of Menagerie that reads pictures. All others were looked at.';

function onGpu(engine: EngineName): boolean {
  return engine === 'webgpu' || engine === 'webgl';
}

/** Each holds a network and pictures: a small device gets fewer of them. */
function workersHere(): number {
  // Absent in some browsers, whatever the types say.
  const { deviceMemory = 8 } = navigator as { readonly deviceMemory?: number };
  const room = deviceMemory <= 2 ? 1 : deviceMemory <= 4 ? 2 : MOST_WORKERS;
  return Math.max(1, Math.min(navigator.hardwareConcurrency, room));
}

function startWorker(): Worker {
  return new Worker(new URL('../workers/bulk.worker.ts', import.meta.url), { type: 'module' });
}

/** Gives each worker each network once. */
function createLoads(forced: EngineName | null): (api: Remote<BulkApi>, seer: Seer) => Promise<EngineName> {
  const loaded = new WeakMap<Remote<BulkApi>, Map<string, Promise<EngineName>>>();
  return (api, { network, file, weights }) => {
    const has = loaded.get(api) ?? new Map<string, Promise<EngineName>>();
    loaded.set(api, has);
    const before = has.get(network);
    if (before) return before;
    const loading = Promise.resolve(api.load(network, { file, weights }, forced));
    has.set(network, loading);
    loading.catch(() => has.delete(network));
    return loading;
  };
}
