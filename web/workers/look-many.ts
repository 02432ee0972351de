/** Many pictures through one network: while it looks at some, the browser decodes the next. Runs in a worker. */
import { canonicalise } from '#shared/image/canonical.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import { decodeImage } from '../platform/decode.ts';
import { sha256 } from '../platform/hash.ts';
import { release } from '../platform/release.ts';
import type { EngineName } from './engine-names.ts';
import type { Inference, Look, NetworkBytes } from './inference.ts';
import { makeThumb, THUMB_EDGE } from './prepare.ts';
import { readEntry, type ZippedFile } from './zip-slices.ts';

/** A picture on its way through the network. Its key stays with it, whatever order the answers come in. */
export interface Picture {
  readonly key: string;
  readonly bytes: ArrayBuffer | Blob | ZippedFile;
}

export interface LookWish {
  /** Edge of the canonical image. */
  readonly size: number;
  /** What the classifier reads is wanted, too. */
  readonly features: boolean;
  /** The file's identity and a thumbnail are wanted: it is in no library. */
  readonly file: boolean;
}

/** What became of one picture. */
export type Looked =
  | {
      readonly kind: 'seen';
      readonly key: string;
      /** Up to five outputs of the network, best first. */
      readonly top: readonly { readonly output: number; readonly score: number }[];
      readonly features: Float32Array<ArrayBuffer> | null;
      readonly file: { readonly sha256: string; readonly thumb: ArrayBuffer } | null;
    }
  | { readonly kind: 'refused'; readonly key: string; readonly reason: string };

/** Pictures that the browser decodes at the same time. */
const DECODING = 8;
/** Classes that are kept of what a network says of a picture. */
const KEPT = 5;

interface Prepared {
  readonly key: string;
  readonly canonical: Pixels;
  readonly file: { readonly sha256: string; readonly thumb: ArrayBuffer } | null;
}

export interface ManyLooker {
  /** Makes a network known under a name. @returns the engine it runs on */
  readonly load: (name: string, network: NetworkBytes) => Promise<EngineName>;
  /** @throws Error where no engine works, or the network is not known */
  readonly look: (name: string, pictures: readonly Picture[], wish: LookWish) => Promise<readonly Looked[]>;
}

export function createManyLooker(inference: Inference): ManyLooker {
  const networks = new Map<string, NetworkBytes>();
  let loaded: string | null = null;
  /** Networks take turns: what is on the engine must be what a batch asked for. */
  let turn: Promise<unknown> = Promise.resolve();
  const decoding = createGate(DECODING);

  const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(async () => {
      if (loaded !== name) await change(name);
      return work();
    });
    turn = mine.catch(() => undefined);
    return mine;
  };

  const change = async (name: string): Promise<void> => {
    const network = networks.get(name);
    if (!network) throw new Error('No such network was loaded.');
    loaded = null;
    await inference.load(network);
    loaded = name;
  };

  return {
    load: (name, network) => {
      networks.set(name, network);
      return inTurn(name, () => Promise.resolve(inference.engine() ?? 'cpu'));
    },
    look: async (name, pictures, wish) => {
      const prepared = await Promise.all(pictures.map((one) => decoding(() => prepareOr(one, wish))));
      const whole = prepared.filter((one): one is Prepared => 'canonical' in one);
      const looks =
        whole.length > 0 ? await inTurn(name, () => inference.look(whole.map((one) => one.canonical))) : [];
      const seen = new Map(whole.map((one, i) => [one, looks[i]]));
      for (const { canonical } of whole) letGo(canonical);
      return prepared.map((one) => ('canonical' in one ? seenOf(one, seen.get(one), wish) : one));
    },
  };
}

function seenOf({ key, file }: Prepared, look: Look | undefined, { features }: LookWish): Looked {
  if (!look) throw new Error('A picture got no answer.');
  return { kind: 'seen', key, top: best(look.scores), features: features ? own(look.features) : null, file };
}

/** Rows of a table are slices already, so that they never share their memory. */
function own(values: Float32Array): Float32Array<ArrayBuffer> {
  return values as Float32Array<ArrayBuffer>;
}

/** A picture that cannot be read is a problem of its own. */
async function prepareOr(picture: Picture, wish: LookWish): Promise<Prepared | Looked> {
  try {
    return await prepare(picture, wish);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'refused', key: picture.key, reason };
  }
}

async function prepare({ key, bytes: source }: Picture, { size, file }: LookWish): Promise<Prepared> {
  const bytes = new Uint8Array(await read(source));
  try {
    const { pixels, width, height } = await decodeImage(bytes, Math.max(size, THUMB_EDGE));
    const canonical = canonicalise(pixels, size);
    if (canonical.data !== pixels.data) letGo(pixels);
    if (!file) return { key, canonical, file: null };
    const [digest, thumb] = await Promise.all([sha256(bytes), makeThumb(canonical, { width, height })]);
    return { key, canonical, file: { sha256: digest, thumb } };
  } finally {
    release(bytes.buffer);
  }
}

/** A thousand pictures are a gigabyte before the garbage collector looks. */
function letGo({ data }: Pixels): void {
  release(data.buffer as ArrayBuffer);
}

async function read(source: Picture['bytes']): Promise<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return source;
  if (source instanceof Blob) return readBlob(source);
  return (await readEntry(source)).buffer;
}

async function readBlob(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Error('The file cannot be read: it was moved, changed or deleted.');
  }
}

/** The highest scores, best first; of equal ones the first output. */
function best(scores: Float32Array): { output: number; score: number }[] {
  const top: { output: number; score: number }[] = [];
  scores.forEach((score, output) => {
    if (top.length === KEPT && score <= (top.at(-1)?.score ?? 0)) return;
    const at = top.findIndex((one) => score > one.score);
    top.splice(at === -1 ? top.length : at, 0, { output, score });
    top.length = Math.min(top.length, KEPT);
  });
  return top;
}

/** Lets so many pieces of work run at the same time; the others wait in their order. */
function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
