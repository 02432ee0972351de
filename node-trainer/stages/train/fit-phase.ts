import type { LayersModel } from '@tensorflow/tfjs-layers';

import { createRandom, derivedSeed } from '#shared/dataset/random.ts';
import { copyWeights, type HeadWeights, splitBackbone } from '#shared/model/classifier.ts';
import { fit, type FitJob, type FitOptions } from '#shared/model/learn/fit.ts';
import { findRate } from '#shared/model/learn/lr-finder.ts';
import { openTrainee, type Trainee } from '#shared/model/learn/trainee.ts';
import type { PhaseFacts } from '#shared/schema/training.ts';

import type { RunContext } from '../../run/context.ts';
import type { SettledPhase } from '../../run/settle-phases.ts';
import type { PhaseState } from './checkpoints.ts';
import { type Frozen, frozenBackbone, frozenBottom } from './frozen.ts';
import type { PhaseJob, PhaseOutcome } from './phase.ts';
import { openStreams, type Streams } from './streams.ts';
import { tellEpoch } from './tell.ts';

/** The checkpoints of one phase. */
export interface PhaseKeeper {
  readonly last: () => Promise<PhaseState | null>;
  readonly save: (state: PhaseState) => Promise<void>;
}

/** Trains a part of the network batch by batch, with a checkpoint after each epoch. */
export async function fitPhase(run: RunContext, job: PhaseJob, keeper: PhaseKeeper): Promise<PhaseOutcome> {
  const { phase, backbone } = job;
  const part = await openPart(job);
  const start = job.head ?? randomHead(backbone.features, job.classes, phase.seed);
  const trainee = openTrainee(part.body, start, phase.rates);
  try {
    const { preprocessing } = backbone;
    const { frozen } = part;
    const { augmentation, seed } = phase;
    const streams = await openStreams(run, { sets: job.sets, preprocessing, frozen, augmentation, seed });
    try {
      const learned = await learn(run, { ...job, trainee, streams }, keeper);
      part.adopt();
      return { ...learned, head: await trainee.head(), waited: streams.waited() };
    } finally {
      await streams.close();
    }
  } finally {
    trainee.dispose();
    part.dispose();
  }
}

async function learn(
  run: RunContext,
  { phase, trainee, streams, head }: PhaseJob & { readonly trainee: Trainee; readonly streams: Streams },
  keeper: PhaseKeeper,
): Promise<Omit<PhaseOutcome, 'head' | 'waited'>> {
  const { training, validation } = streams;
  const before = await keeper.last();
  if (before) run.log.say(`train: ${phase.name}: goes on after epoch ${before.state.epoch}`);
  const rateCurve = before ? before.rateCurve : await lookForRate(run, phase, { trainee, training });
  const learningRate = before?.learningRate ?? rateCurve?.valley ?? phase.learningRate;
  const { history, bestEpoch } = await fit({
    trainee,
    training,
    validation,
    options: fitOptions(phase, learningRate),
    judgeStart: head !== null,
    state: before?.state,
    onEpoch: async (state, epoch) => {
      await keeper.save({ state, learningRate, rateCurve });
      tellEpoch(run, phase, epoch);
    },
    onBatch: (done, total) => {
      run.log.progress(phase.name, done, total);
    },
  });
  return { history, bestEpoch, learningRate, rateCurve };
}

async function lookForRate(
  run: RunContext,
  phase: SettledPhase,
  { trainee, training }: Pick<FitJob, 'trainee' | 'training'>,
): Promise<PhaseFacts['rateCurve']> {
  if (!phase.findRate) return null;
  const curve = await findRate({ trainee, training, options: fitOptions(phase, phase.learningRate) });
  run.log.say(
    `train: ${phase.name}: learning rate ${curve.valley.toPrecision(2)} found (steepest descent at ${curve.steepest.toPrecision(2)})`,
  );
  return { ...curve, points: [...curve.points] };
}

function fitOptions(phase: SettledPhase, learningRate: number): FitOptions {
  const { optimizer: kind, weightDecay, ...same } = phase;
  return { ...same, learningRate, optimizer: { kind, weightDecay } };
}

/** A network cut into what learns and what only predicts. */
interface Part {
  /** null: the features themselves are the input. */
  readonly body: LayersModel | null;
  readonly frozen: Frozen | null;
  /** Puts what was learnt into the backbone. */
  readonly adopt: () => void;
  readonly dispose: () => void;
}

async function openPart({ phase, backbone, finalBlocks }: PhaseJob): Promise<Part> {
  if (phase.trains === 'all')
    return { body: backbone.model, frozen: null, adopt: () => undefined, dispose: () => undefined };
  if (phase.trains === 'head') {
    const frozen = await frozenBackbone(backbone);
    return { body: null, frozen, adopt: () => undefined, dispose: frozen.dispose };
  }
  const split = splitBackbone(backbone, finalBlocks);
  const frozen = await frozenBottom(backbone, split, finalBlocks);
  return {
    body: split.top,
    frozen,
    adopt: () => {
      copyWeights([split.top, backbone.model], backbone.model);
    },
    dispose: () => {
      frozen.dispose();
      split.top.dispose();
    },
  };
}

/** A new output layer (P4-06): uniform with the variance that keeps signals as large as they are (Glorot and Bengio 2010). */
function randomHead(dims: number, classes: number, seed: number): HeadWeights {
  const random = createRandom(derivedSeed(seed, 'head'));
  const limit = Math.sqrt(6 / (dims + classes));
  const kernel = Float32Array.from({ length: dims * classes }, () => limit * (2 * random.next() - 1));
  return { dims, classes, kernel, bias: new Float32Array(classes) };
}
