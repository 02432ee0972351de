import type { Command } from 'commander';

import { createOutput, factsInWords } from './output.ts';
import { requestOf, type RunFlags } from './settings.ts';

export interface VersionFlag {
  readonly model?: string;
}

/** Adds the flag that points a stage at a published version instead of the run's own model (P5-19). */
export function withVersion(command: Command): void {
  command.option(
    '--model <folder>',
    "a published version instead of the run's own model: it looks at the same photos",
  );
}

/** Evaluates or scores a published version on the photos of a run. */
export async function runVersionStage(
  stage: string,
  model: string,
  flags: RunFlags & VersionFlag,
): Promise<void> {
  const { openRun } = await import('../run/open-run.ts');
  const output = createOutput(flags.json ?? false);
  const run = await openRun({ ...requestOf(flags, output), resume: true });
  const { scoreVersion } = await import('../stages/score/version.ts');
  if (stage === 'score') {
    const result = await scoreVersion(run, model);
    output.result(result, factsInWords(result));
    return;
  }
  const { evaluateVersion } = await import('../stages/evaluate/version.ts');
  const result = { ...(await evaluateVersion(run, model)), ...(await scoreVersion(run, model)) };
  output.result(result, factsInWords(result));
}
