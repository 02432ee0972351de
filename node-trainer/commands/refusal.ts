import { PublishRefused } from '../store/problems.ts';
import type { Output } from './output.ts';

/**
 * A refused publishing as people and machines are told of it: what was kept and how a person may overrule the gate.
 * @param json where machines read: one object with every check of the gate; null for people
 * @returns what is to be thrown
 */
export function refusal(
  error: unknown,
  { run, models }: { readonly run: string; readonly models: string },
  json: Output | null,
): unknown {
  if (!(error instanceof PublishRefused)) return error;
  const { gate, message } = error;
  json?.result({ version: null, refused: message, gate }, '');
  if (!gate) return error;
  const next =
    `The model and its report are kept in ${run}. Mend what fails and run it again, or publish it all the same, with a ` +
    `reason that goes into the card:\n  menagerie publish --run ${run} --models ${models} --override "…"`;
  return new PublishRefused(`${message} ${next}`, gate);
}
