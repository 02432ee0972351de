import * as tf from '@tensorflow/tfjs-core';

import { cpu } from './cpu.ts';
import { ENGINE_NAMES, type EngineName, EngineUnusable, reasonOf, type Starter } from './names.ts';
import { probe } from './probe.ts';
import { tensorflow } from './tensorflow.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

const STARTERS: Readonly<Record<EngineName, Starter>> = { tensorflow, webgpu, wasm, cpu };

/** The engine that computes from now on. */
export interface Engine {
  readonly name: EngineName;
  /** Device or version, for people. */
  readonly detail: string;
  /** Engines before it in the order that cannot be used here. */
  readonly skipped: readonly { readonly engine: EngineName; readonly reason: string }[];
}

/** An engine as `doctor` shows it. */
export interface EngineReport {
  readonly engine: EngineName;
  readonly usable: boolean;
  /** Device or version; what is missing where it is not usable. */
  readonly detail: string;
  /** What mends it; empty where it is usable or nothing can be done. */
  readonly mend: string;
}

/**
 * Starts an engine and proves it by a tiny known network.
 * @param name an engine; `auto` takes the first that works
 * @throws EngineUnusable when the one that was asked for cannot be used, or its name is unknown
 */
export async function startEngine(name: string): Promise<Engine> {
  if (name !== 'auto') {
    const starter = ENGINE_NAMES.find((n) => n === name);
    if (!starter)
      throw new EngineUnusable(
        name,
        `There is no engine "${name}"; known are auto, ${ENGINE_NAMES.join(', ')}.`,
      );
    return { name: starter, detail: await startProved(STARTERS[starter], true), skipped: [] };
  }
  const skipped: { engine: EngineName; reason: string }[] = [];
  for (const engine of ENGINE_NAMES) {
    try {
      return { name: engine, detail: await startProved(STARTERS[engine], false), skipped };
    } catch (error) {
      skipped.push({ engine, reason: reasonOf(error) });
    }
  }
  throw new EngineUnusable(
    'auto',
    `No engine works here: ${skipped.map((s) => `${s.engine}: ${s.reason}`).join('; ')}`,
  );
}

/** Tries every engine in turn; the last usable one stays in use. */
export async function inspectEngines(): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const engine of ENGINE_NAMES) {
    try {
      reports.push({ engine, usable: true, detail: await startProved(STARTERS[engine], false), mend: '' });
    } catch (error) {
      const mend = error instanceof EngineUnusable ? error.mend : '';
      reports.push({ engine, usable: false, detail: reasonOf(error), mend });
    }
  }
  return reports;
}

async function startProved(starter: Starter, asked: boolean): Promise<string> {
  // Without this, TensorFlow.js prints its advertisement for another package among our own lines.
  tf.enableProdMode();
  const work = async (): Promise<string> => {
    const detail = await starter.start(asked);
    await tf.ready();
    const wrong = await probe();
    if (wrong !== null) throw new EngineUnusable(starter.name, `${detail} cannot be trusted: ${wrong}`);
    return detail;
  };
  return within(starter, work());
}

/** Some starts hang for ever without an error. */
async function within<T>({ name, limit }: Starter, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new EngineUnusable(name, `did not start within ${limit / 1000} seconds`));
    }, limit);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
