/** Workers as typed objects: few jobs at a time, aborted by a signal, ended when idle, their death an error. */
import { expose, proxy, releaseProxy, transfer, wrap, type Remote } from 'comlink';

export type { Remote } from 'comlink';

/** Called in a worker: makes its methods callable from the page. */
export function serve(api: object): void {
  expose(api);
}

/** A result whose buffers move to the other side in place of being copied. */
export function handOver<T extends object>(value: T, buffers: ArrayBuffer[]): T {
  return transfer(value, buffers);
}

/** A function that the other side may call back. */
export function callback<F extends (...args: never[]) => unknown>(call: F): F {
  return proxy(call);
}

/** The worker broke down (script error, out of memory); the job in flight is lost, the next one starts afresh. */
export class WorkerBroken extends Error {
  override readonly name = 'WorkerBroken';
  constructor(detail: string) {
    super(`A background task of this page broke down (${detail}). Try again; what was saved is kept.`);
  }
}

export interface TypedWorker<Api> {
  /**
   * Runs one job after those before it. When the signal aborts, the job rejects with the signal's reason, and the
   * worker is ended, unless another job is under way in it.
   */
  readonly run: <R>(signal: AbortSignal, job: (api: Remote<Api>) => Promise<R>) => Promise<R>;
  /** Ends the worker now; a later job starts a new one. */
  readonly end: () => void;
}

interface Running<Api> {
  readonly worker: Worker;
  readonly api: Remote<Api>;
  /** Rejects when the worker breaks down. */
  readonly broken: Promise<never>;
}

/**
 * @param create starts the worker; called on the first job and again after an end
 * @param idleMs ends the worker after this long without a job; null keeps it
 * @param depth jobs that are under way in it at the same time: while the browser decodes or encodes for one of them, the
 *   worker works on another
 */
export function spawn<Api>(create: () => Worker, idleMs: number | null, depth = 1): TypedWorker<Api> {
  let running: Running<Api> | null = null;
  const lasts = Array.from({ length: depth }, (): Promise<unknown> => Promise.resolve());
  let turn = 0;
  let underWay = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let waiting = 0;

  const end = (): void => {
    clearTimeout(idle);
    running?.api[releaseProxy]();
    running?.worker.terminate();
    running = null;
  };

  /** A worker that was started since is another's. */
  const endThis = (one: Running<Api>): void => {
    if (running === one) end();
  };

  const work = async <R>(signal: AbortSignal, job: (api: Remote<Api>) => Promise<R>): Promise<R> => {
    signal.throwIfAborted();
    clearTimeout(idle);
    const mine = (running ??= start(create));
    const { api, broken } = mine;
    underWay += 1;
    const abort = listenForAbort(signal);
    try {
      return await Promise.race([job(api), broken, abort.happened]);
    } catch (cause) {
      if (cause instanceof WorkerBroken || (signal.aborted && underWay === 1)) endThis(mine);
      throw cause;
    } finally {
      underWay -= 1;
      abort.stop();
    }
  };

  const run = <R>(signal: AbortSignal, job: (api: Remote<Api>) => Promise<R>): Promise<R> => {
    waiting += 1;
    const slot = turn % depth;
    turn += 1;
    const result = (lasts[slot] as Promise<unknown>).then(() => work(signal, job));
    lasts[slot] = result
      .catch(() => undefined)
      .then(() => {
        waiting -= 1;
        if (waiting === 0 && idleMs !== null) idle = setTimeout(end, idleMs);
      });
    return result;
  };
  return { run, end };
}

function start<Api>(create: () => Worker): Running<Api> {
  const worker = create();
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      reject(new WorkerBroken(event.message || 'it could not be loaded'));
    });
    worker.addEventListener('messageerror', () => {
      reject(new WorkerBroken('a message could not be read'));
    });
  });
  // Nobody may be listening between two jobs.
  broken.catch(() => undefined);
  return { worker, api: wrap<Api>(worker), broken };
}

/** `stop` matters: one signal may see a hundred thousand jobs. */
function listenForAbort(signal: AbortSignal): { happened: Promise<never>; stop: () => void } {
  let stop = (): void => undefined;
  const happened = new Promise<never>((_, reject) => {
    const heard = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', heard, { once: true });
    stop = () => {
      signal.removeEventListener('abort', heard);
    };
  });
  return { happened, stop };
}
