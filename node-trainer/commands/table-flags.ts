import type { Command } from 'commander';

import { OptionError } from '../run/option-kinds.ts';
import { ORDERS, type TableView } from '../run/table-view.ts';

/** Flags that say which rows of a table are wanted (P5-39). */
export interface TableFlags {
  readonly sort?: string;
  readonly reverse?: boolean;
  readonly minScore?: string;
  readonly maxScore?: string;
  readonly top1?: string;
  readonly unanswered?: boolean;
}

/** Adds them to a command. */
export function withTableFlags(command: Command): Command {
  return command
    .option('--sort <by>', `order of the rows: ${ORDERS.join(', ')} (score: the surest first)`)
    .option('--reverse', 'the other way round')
    .option('--min-score <score>', 'only rows whose best score is at least this, 0 to 1')
    .option('--max-score <score>', 'only rows whose best score is at most this, 0 to 1')
    .option('--top1 <class>', 'only rows whose best guess is this class')
    .option('--unanswered', 'only rows without an answer');
}

/** @throws OptionError naming the flag */
export function viewFrom(flags: TableFlags): TableView {
  const { sort = 'input', reverse = false, top1 = null, unanswered = false } = flags;
  const order = ORDERS.find((name) => name === sort);
  if (!order) throw new OptionError(`--sort: expected one of ${ORDERS.join(', ')}, got "${sort}"`);
  const [minScore, maxScore] = [
    score('--min-score', flags.minScore, 0),
    score('--max-score', flags.maxScore, 1),
  ];
  if (minScore > maxScore) throw new OptionError('--min-score is above --max-score: no row can be both.');
  return { sort: order, reverse, minScore, maxScore, top1, unanswered };
}

/** Whether any of them was given. */
export function hasTableFlags(flags: TableFlags): boolean {
  const { sort, reverse, minScore, maxScore, top1, unanswered } = flags;
  return [sort, reverse, minScore, maxScore, top1, unanswered].some((flag) => flag !== undefined);
}

function score(flag: string, given: string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  const value = given.trim() === '' ? NaN : Number(given);
  if (value >= 0 && value <= 1) return value;
  throw new OptionError(`${flag}: expected a score from 0 to 1, got "${given}"`);
}
