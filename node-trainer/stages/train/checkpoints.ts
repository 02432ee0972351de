import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import type { HeadWeights } from '#shared/model/classifier.ts';
import type { TrainingState } from '#shared/model/learn/fit.ts';
import { Count } from '#shared/schema/names.ts';
import { EpochSchema, PhaseSchema, type PhaseFacts, RateCurveSchema } from '#shared/schema/training.ts';

import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';

/** How many checkpoints of epochs are kept: where the newest is damaged, the one before it serves. */
const KEPT = 2;

/** The network after a whole phase. */
export interface PhaseEnd {
  readonly head: HeadWeights;
  /** All weights of the backbone in the order of its model; null where no phase so far has changed them. */
  readonly backbone: Float32Array | null;
  /** Of all phases so far, this one last. */
  readonly phases: readonly PhaseFacts[];
}

/** A phase after one of its epochs. */
export interface PhaseState {
  readonly state: TrainingState;
  readonly learningRate: number;
  readonly rateCurve: PhaseFacts['rateCurve'];
}

/** The checkpoints of one training, on local disk. */
export interface Checkpoints {
  readonly folder: string;
  /** The end of the last phase that is done and readable, and its number from 0. */
  readonly lastEnd: () => Promise<{ readonly phase: number; readonly end: PhaseEnd } | null>;
  readonly saveEnd: (phase: number, end: PhaseEnd) => Promise<void>;
  /** The newest readable epoch of a phase. */
  readonly lastState: (phase: number) => Promise<PhaseState | null>;
  readonly saveState: (phase: number, state: PhaseState) => Promise<void>;
}

/**
 * Opens the folder of checkpoints. Those of another training (other photos, weights or settings) are removed.
 * @param training SHA-256 of everything that the outcome depends on
 */
export async function openCheckpoints(folder: string, training: string): Promise<Checkpoints> {
  await mkdir(folder, { recursive: true });
  const own = training.slice(0, 12);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(own)) await rm(join(folder, name), { recursive: true, force: true });
  }
  const names = async (pattern: RegExp): Promise<string[]> =>
    (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  const read = async (name: string): Promise<Checkpoint | null> => {
    const found = await readCheckpoint(join(folder, name)).catch(() => null);
    return found?.training === training ? found : null;
  };
  const newest = async <T>(pattern: RegExp, decode: (c: Checkpoint) => T): Promise<[string, T] | null> => {
    for (const name of (await names(pattern)).reverse()) {
      const found = await read(name);
      if (found) return [name, decode(found)];
    }
    return null;
  };
  return {
    folder,
    lastEnd: async () => {
      const found = await newest(/-phase-\d+-end\.ckpt$/, decodeEnd);
      return found && { phase: Number(/-phase-(\d+)/.exec(found[0])?.[1]) - 1, end: found[1] };
    },
    saveEnd: (phase, end) =>
      writeCheckpoint(join(folder, `${own}-phase-${phase + 1}-end.ckpt`), { training, ...encodeEnd(end) }),
    lastState: async (phase) =>
      (await newest(new RegExp(`-phase-${phase + 1}-epoch-\\d+\\.ckpt$`), decodeState))?.[1] ?? null,
    saveState: async (phase, state) => {
      const epoch = String(state.state.epoch).padStart(5, '0');
      await writeCheckpoint(join(folder, `${own}-phase-${phase + 1}-epoch-${epoch}.ckpt`), {
        training,
        ...encodeState(state),
      });
      const all = await names(/-phase-\d+-epoch-\d+\.ckpt$/);
      for (const old of all.slice(0, -KEPT)) await rm(join(folder, old), { force: true });
    },
  };
}

const EndFacts = v.object({
  dims: Count,
  classes: Count,
  phases: v.array(PhaseSchema),
});

function encodeEnd({ head, backbone, phases }: PhaseEnd): Omit<Checkpoint, 'training'> {
  const arrays = new Map([
    ['head/kernel', head.kernel],
    ['head/bias', head.bias],
  ]);
  if (backbone) arrays.set('backbone', backbone);
  return { facts: { dims: head.dims, classes: head.classes, phases }, arrays };
}

function decodeEnd({ facts, arrays }: Checkpoint): PhaseEnd {
  const { dims, classes, phases } = v.parse(EndFacts, facts);
  const [kernel, bias] = [arrayOf(arrays, 'head/kernel'), arrayOf(arrays, 'head/bias')];
  return { head: { dims, classes, kernel, bias }, backbone: arrays.get('backbone') ?? null, phases };
}

const StateFacts = v.object({
  epoch: Count,
  step: Count,
  remains: v.tuple([v.number(), v.number()]),
  vectors: Count,
  best: v.object({ epoch: Count, loss: v.nullable(v.number()) }),
  history: v.array(EpochSchema),
  learningRate: v.number(),
  rateCurve: v.nullable(RateCurveSchema),
});

function encodeState({ state, learningRate, rateCurve }: PhaseState): Omit<Checkpoint, 'training'> {
  const { epoch, step, weights, optimizer, best, history } = state;
  const arrays = new Map([
    ['weights', weights.learnt],
    ['moving', weights.moving],
    ['best/weights', best.weights.learnt],
    ['best/moving', best.weights.moving],
  ]);
  optimizer.vectors.forEach((vector, i) => arrays.set(`optimizer/${i}`, vector));
  const facts = {
    epoch,
    step,
    remains: optimizer.remains,
    vectors: optimizer.vectors.length,
    best: { epoch: best.epoch, loss: best.loss },
    history,
    learningRate,
    rateCurve,
  };
  return { facts, arrays };
}

function decodeState({ facts, arrays }: Checkpoint): PhaseState {
  const { epoch, step, remains, vectors, best, history, learningRate, rateCurve } = v.parse(
    StateFacts,
    facts,
  );
  const weightsAt = (prefix: string): TrainingState['weights'] => ({
    learnt: arrayOf(arrays, `${prefix}weights`),
    moving: arrayOf(arrays, `${prefix}moving`),
  });
  const state: TrainingState = {
    epoch,
    step,
    weights: weightsAt(''),
    optimizer: {
      remains,
      vectors: Array.from({ length: vectors }, (_, i) => arrayOf(arrays, `optimizer/${i}`)),
    },
    best: { ...best, weights: weightsAt('best/') },
    history,
  };
  return { state, learningRate, rateCurve };
}

function arrayOf(arrays: Checkpoint['arrays'], name: string): Float32Array {
  const found = arrays.get(name);
  if (!found) throw new Error(`the checkpoint lacks ${name}`);
  return found;
}
