import { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { readAll, writeAll } from '#shared/model/learn/flat.ts';
import type { PhaseFacts } from '#shared/schema/training.ts';

import type { RunContext } from '../../run/context.ts';
import type { SettledPhase } from '../../run/settle-phases.ts';
import type { Checkpoints, PhaseEnd } from './checkpoints.ts';
import { fitPhase } from './fit-phase.ts';
import { headPhase, isPlainHead } from './head-phase.ts';
import type { PhaseJob, PhaseOutcome } from './phase.ts';
import { tellPhase, withAdvice } from './tell.ts';

/** What all phases of a training share. */
export interface TrainingJob extends Omit<PhaseJob, 'phase' | 'head'> {
  readonly phases: readonly SettledPhase[];
  readonly checkpoints: Checkpoints;
}

/**
 * Runs the phases one after another, each from the best epoch of the one before, and leaves what they learnt in the
 * backbone. A training that was killed goes on after the last epoch that it kept.
 * @throws TrainingFailed saying what is kept and what to try
 */
export async function runPhases(run: RunContext, job: TrainingJob): Promise<PhaseEnd> {
  const before = await job.checkpoints.lastEnd();
  if (before) takeUp(run, job, before.end);
  let end: PhaseEnd | null = before?.end ?? null;
  const first = before ? before.phase + 1 : 0;
  for (const [i, phase] of [...job.phases.entries()].slice(first)) {
    const outcome = await runPhase(run, job, { phase, number: i, end });
    tellPhase(run, phase, outcome);
    const changed = phase.trains !== 'head' || (end?.backbone ?? null) !== null;
    end = {
      head: outcome.head,
      backbone: changed ? await readAll(variablesOf(job.backbone.model)) : null,
      phases: [...(end?.phases ?? []), factsOf(phase, outcome, job.sets.training.labels.length)],
    };
    await job.checkpoints.saveEnd(i, end);
  }
  if (!end) throw new Error('a recipe without phases trains nothing');
  return end;
}

async function runPhase(
  run: RunContext,
  job: TrainingJob,
  { phase, number, end }: { phase: SettledPhase; number: number; end: PhaseEnd | null },
): Promise<PhaseOutcome> {
  const { checkpoints } = job;
  const phaseJob: PhaseJob = { ...job, phase, head: end?.head ?? null };
  try {
    if (isPlainHead(phase)) return await headPhase(run, phaseJob);
    return await fitPhase(run, phaseJob, {
      last: () => checkpoints.lastState(number),
      save: (state) => checkpoints.saveState(number, state),
    });
  } catch (error) {
    throw withAdvice(error, await whatIsKept(checkpoints, number, phase));
  }
}

async function whatIsKept(checkpoints: Checkpoints, number: number, { name }: SettledPhase): Promise<string> {
  const last = await checkpoints.lastState(number);
  if (last)
    return `The checkpoint after epoch ${last.state.epoch} of "${name}" is kept in ${checkpoints.folder}.`;
  if (number > 0) return `What came before "${name}" is kept in ${checkpoints.folder}.`;
  return 'No epoch was finished before, so nothing of this training is kept.';
}

function takeUp(run: RunContext, { backbone }: TrainingJob, end: PhaseEnd): void {
  if (end.backbone) writeAll(variablesOf(backbone.model), end.backbone);
  run.log.say(`train: ${end.phases.map((p) => p.name).join(', ')}: found done in the checkpoints`);
}

function factsOf(phase: SettledPhase, outcome: PhaseOutcome, photos: number): PhaseFacts {
  const { history, bestEpoch, learningRate, rateCurve, waited } = outcome;
  const seconds = history.reduce((sum, e) => sum + e.seconds, 0);
  const imagesPerSecond = seconds === 0 ? 0 : (photos * history.length) / seconds;
  const { name, trains } = phase;
  return {
    name,
    trains,
    learningRate,
    rateCurve,
    bestEpoch,
    history: [...history],
    seconds: Math.round(seconds * 1000) / 1000,
    imagesPerSecond: Math.round(imagesPerSecond * 10) / 10,
    waited,
  };
}

function variablesOf(model: LayersModel): Variable[] {
  return model.weights.map((w) => w.read()).filter((t): t is Variable => t instanceof Variable);
}
