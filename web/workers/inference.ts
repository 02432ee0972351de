/** A classifier on the best engine of this device, which survives the loss of that engine. Runs in a worker. */
import {
  backend,
  findBackendFactory,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';

import type { CompiledFile } from '#shared/model/compiled-format.ts';
import { type Covered, coveredInput } from '#shared/model/covered-input.ts';
import { loadNetwork, type Network } from '#shared/model/network.ts';
import { preprocess } from '#shared/model/preprocess.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import { ENGINES, type EngineName } from './engine-names.ts';
import { loadEngine, unsuitable } from './engines.ts';
import { guarded } from './gpu-guard.ts';
import { checkEngine } from './probe.ts';

/** Longest that an engine may take to start, and to answer the probe (shaders compile on the way). */
const START_MS = 15_000;
/** A device that was lost this often in a row is given up for the next engine. */
const LOSSES = 2;

/** No engine works here. The message lists what each one lacked. */
class NoEngine extends Error {
  override readonly name = 'NoEngine';
}

interface Prediction {
  /** Softmax, in the order of the network's outputs. */
  readonly scores: Float32Array;
  readonly engine: EngineName;
  /** Milliseconds. */
  readonly prepare: number;
  readonly infer: number;
}

/** What a network makes of an image. */
export interface Look {
  /** Softmax, in the order of the network's outputs. */
  readonly scores: Float32Array;
  /** What the classifier reads: the image's place among all others as this network sees them. */
  readonly features: Float32Array;
}

/** What a network is made of; kept in main memory, since a GPU's copy dies with its device. */
export interface NetworkBytes {
  readonly file: CompiledFile;
  readonly weights: ArrayBuffer;
}

export interface Inference {
  readonly engine: () => EngineName | null;
  /** Puts a network on the engine, proves it with one prediction, and only then lets the one before go. */
  readonly load: (network: NetworkBytes) => Promise<void>;
  /** @param canonical a canonical (square) image */
  readonly predict: (canonical: Pixels) => Promise<Prediction>;
  /** Scores and features of some images in one pass. @param canonical canonical (square) images */
  readonly look: (canonical: readonly Pixels[]) => Promise<readonly Look[]>;
  /** Scores of an image covered in several ways, one row a cover, in one pass. */
  readonly covered: (image: Covered) => Promise<readonly Float32Array[]>;
}

/**
 * Nothing starts before the first `load`.
 * @param forced tries this engine alone, software adapters included: for tests and for finding faults
 */
export function createInference(forced: EngineName | null): Inference {
  const remaining: EngineName[] = forced ? [forced] : [...ENGINES];
  const skipped: string[] = [];
  let engine: EngineName | null = null;
  let current: { bytes: NetworkBytes; network: Network } | null = null;
  let losses = 0;

  /** Takes the first of the remaining engines that works. */
  const start = async (): Promise<void> => {
    while (remaining.length > 0) {
      const next = remaining[0] as EngineName;
      try {
        await within(START_MS, startEngine(next, forced !== null));
        engine = next;
        return;
      } catch (cause) {
        skipped.push(`${next}: ${cause instanceof Error ? cause.message : String(cause)}`);
        remaining.shift();
      }
    }
    engine = null;
    throw new NoEngine(`This browser cannot run the model (${skipped.join('; ')}).`);
  };

  /** After a loss: the same engine with a new device, or the next one; the network anew from main memory. */
  const recover = async (cause: unknown): Promise<void> => {
    losses += 1;
    if (losses >= LOSSES && remaining.length > 1) {
      skipped.push(`${remaining.shift() ?? ''}: lost repeatedly (${String(cause)})`);
      losses = 0;
    }
    await start();
    if (current)
      current = { bytes: current.bytes, network: loadNetwork(current.bytes.file, current.bytes.weights) };
  };

  /** Asks again after a loss. */
  const persist = async <T>(work: (network: Network) => Promise<T>): Promise<T> => {
    for (;;) {
      if (!current) throw new Error('No network is loaded.');
      try {
        const answer = await work(current.network);
        losses = 0;
        return answer;
      } catch (cause) {
        if (remaining.length === 1 && losses >= LOSSES) throw cause;
        await recover(cause);
      }
    }
  };

  const predict: Inference['predict'] = async (canonical) => {
    const answer = await persist((network) => ask(network, canonical));
    return { ...answer, engine: engine ?? 'cpu' };
  };
  const look: Inference['look'] = (canonical) => persist((network) => lookAt(network, canonical));
  const covered: Inference['covered'] = (image) => persist((network) => askCovered(network, image));

  const load = async (bytes: NetworkBytes): Promise<void> => {
    if (!engine) await start();
    const before = current;
    const network = loadNetwork(bytes.file, bytes.weights);
    current = { bytes, network };
    try {
      const { size } = network.preprocessing;
      await predict({ width: size, height: size, data: new Uint8Array(size * size * 3).fill(128) });
    } catch (cause) {
      network.dispose();
      current = before;
      throw cause;
    }
    before?.network.dispose();
  };

  return { engine: () => engine, load, predict, look, covered };
}

/** Starts an engine afresh: TensorFlow.js itself keeps a dead device for ever. */
async function startEngine(name: EngineName, evenSoftware: boolean): Promise<void> {
  const why = evenSoftware ? null : await unsuitable(name);
  if (why) throw new Error(why);
  await loadEngine(name);
  const factory = findBackendFactory(name);
  // Absent when the engine's code found the device lacking, whatever the types say.
  if (!(factory as unknown)) throw new Error('not available');
  removeBackend(name);
  registerBackend(name, factory);
  if (!(await setBackend(name))) throw new Error('did not start');
  await checkEngine();
}

async function ask(network: Network, canonical: Pixels): Promise<Omit<Prediction, 'engine'>> {
  const begin = performance.now();
  const input = preprocess([canonical], network.preprocessing);
  const prepared = performance.now();
  try {
    const scores = await guarded(backend(), async () => {
      const output = network.predict(input);
      try {
        return (await output.data()) as Float32Array;
      } finally {
        output.dispose();
      }
    });
    checkScores(scores);
    return { scores, prepare: prepared - begin, infer: performance.now() - prepared };
  } finally {
    input.dispose();
  }
}

async function lookAt(network: Network, canonical: readonly Pixels[]): Promise<Look[]> {
  const input = preprocess(canonical, network.preprocessing);
  try {
    const [scores, features] = await guarded(backend(), async () => {
      const output = network.predictWithFeatures(input);
      try {
        return (await Promise.all([output.scores.data(), output.features.data()])) as Float32Array[];
      } finally {
        output.scores.dispose();
        output.features.dispose();
      }
    });
    return canonical.map((_, i) => {
      const look = {
        scores: rowOf(scores, i, network.classes),
        features: rowOf(features, i, network.features),
      };
      checkScores(look.scores);
      return look;
    });
  } finally {
    input.dispose();
  }
}

async function askCovered(network: Network, image: Covered): Promise<Float32Array[]> {
  const input = coveredInput(image, network.preprocessing);
  try {
    const table = await guarded(backend(), async () => {
      const output = network.predict(input);
      try {
        return (await output.data()) as Float32Array;
      } finally {
        output.dispose();
      }
    });
    const rows = image.covers.map((_, i) => rowOf(table, i, network.classes));
    rows.forEach(checkScores);
    return rows;
  } finally {
    input.dispose();
  }
}

function rowOf(table: Float32Array | undefined, row: number, width: number): Float32Array {
  return (table ?? new Float32Array(0)).slice(row * width, (row + 1) * width);
}

/** A dead device may answer with zeros and no error. */
function checkScores(scores: Float32Array): void {
  const sum = scores.reduce((a, b) => a + b, 0);
  if (!(Math.abs(sum - 1) < 0.01)) throw new Error(`scores add up to ${String(sum)}`);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`took longer than ${String(ms / 1000)} s`));
    }, ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
