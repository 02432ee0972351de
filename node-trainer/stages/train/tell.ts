import { TrainingFailed } from '#shared/model/learn/failed.ts';
import type { Epoch } from '#shared/model/training.ts';

import type { RunContext } from '../../run/context.ts';
import type { SettledPhase } from '../../run/settle-phases.ts';

/** Logs an epoch. */
export function tellEpoch(run: RunContext, { name, epochs }: SettledPhase, epoch: Epoch): void {
  run.log.note(`${name}: ${describeEpoch(epoch)}`);
  run.log.progress(`${name} epoch`, epoch.epoch, epochs);
}

/** Logs what a phase came to. */
export function tellPhase(
  run: RunContext,
  { name }: SettledPhase,
  { bestEpoch, history }: { readonly bestEpoch: number; readonly history: readonly Epoch[] },
): void {
  const best = history.find((e) => e.epoch === bestEpoch);
  run.log.say(
    best
      ? `train: ${name}: best of ${history.length} epochs: ${describeEpoch(best)}`
      : `train: ${name}: none of ${history.length} epochs was better than what it began with, which is kept`,
  );
}

/** A failure of training with what is kept of it and what to try next. */
export function withAdvice(error: unknown, kept: string): unknown {
  if (!(error instanceof TrainingFailed)) return error;
  const told = new TrainingFailed(
    `${error.message}\n${kept} What was published before is untouched. Try a lower --learning-rate, or look at the ` +
      'photos named.',
  );
  told.cause = error;
  return told;
}

function describeEpoch({ epoch, loss, accuracy, validationLoss, validationAccuracy }: Epoch): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const seen =
    validationLoss === null || validationAccuracy === null
      ? ''
      : `; validation: loss ${validationLoss.toFixed(4)}, ${percent(validationAccuracy)} right`;
  return `epoch ${epoch}: loss ${loss.toFixed(4)}, ${percent(accuracy)} right${seen}`;
}
