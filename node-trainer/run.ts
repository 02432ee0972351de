import type { RunContext, StageResult } from './run/context.ts';
import type { StageName } from './run/stage.ts';
import { build } from './stages/build.ts';
import { evaluate } from './stages/evaluate.ts';
import { exportModel } from './stages/export.ts';
import { extract } from './stages/extract.ts';
import { identify } from './stages/identify.ts';
import { score } from './stages/score.ts';
import { train } from './stages/train.ts';

/** The stages in their order (P5-12): each reads what the ones before it left in the run folder. */
export const STAGE_WORK: readonly (readonly [StageName, (run: RunContext) => Promise<StageResult>])[] = [
  ['extract', extract],
  ['build', build],
  ['train', train],
  ['evaluate', evaluate],
  ['score', score],
  ['export', exportModel],
  ['identify', identify],
];

/** What every stage of a run had to say, in order. */
export type RunResults = readonly (readonly [StageName, StageResult])[];

/**
 * Runs all stages with one log (P5-13, P5-42, P5-43). Stages that are done with the same inputs are kept, so a run
 * that was killed goes on where it was.
 */
export async function runStages(run: RunContext): Promise<RunResults> {
  run.log.note(`run: ${JSON.stringify(run.options)}`);
  const results: [StageName, StageResult][] = [];
  for (const [name, work] of STAGE_WORK) {
    try {
      const result = await work(run);
      run.log.note(`${name}: ${JSON.stringify(result)}`);
      results.push([name, result]);
    } catch (error) {
      run.log.note(
        `${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      throw error;
    }
  }
  return results;
}
