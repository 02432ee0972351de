/** A query as people read it. */
import { formatNumber } from '../../../messages/i18n.svelte.ts';
import { tb } from '../../../messages/text-bulk.ts';
import { EVERYTHING, type BulkQuery, type LabelAsked } from './query.ts';

export interface QueryNames {
  /** Names of the version's classes by id. */
  readonly classes: ReadonlyMap<string, string>;
  /** Names of labels by kind and id. */
  readonly labels: ReadonlyMap<string, string>;
}

/** "Guessed Kangaroo, confidence 20 to 80, with an unknown label". */
export function queryWords(query: BulkQuery, names: QueryNames): string {
  const { verdict, aside } = query;
  const words = [guessWords(query, names), boundWords(query), labelWords(query.label, names)];
  if (verdict !== 'any') words.push(tb(`words.verdict.${verdict}`));
  if (aside) words.push(tb('words.aside'));
  return words.filter((word) => word !== '').join(', ');
}

function guessWords({ guess }: BulkQuery, { classes }: QueryNames): string {
  switch (guess.kind) {
    case 'any':
      return tb('words.any');
    case 'class':
      return tb('words.class', { name: classes.get(guess.id) ?? guess.id });
    default:
      return tb(`words.${guess.kind}`, { n: guess.minimum });
  }
}

function boundWords({ from, to }: BulkQuery): string {
  if (from === EVERYTHING.from && to === EVERYTHING.to) return '';
  if (to === EVERYTHING.to) return tb('words.from', { from: formatNumber(from) });
  if (from === EVERYTHING.from) return tb('words.below', { to: formatNumber(to) });
  return tb('words.band', { from: formatNumber(from), to: formatNumber(to) });
}

function labelWords(label: LabelAsked, { labels }: QueryNames): string {
  switch (label) {
    case 'any':
      return '';
    case 'open':
    case 'none':
    case 'unknown':
    case 'labelled':
    case 'outside':
      return tb(`words.label.${label}`);
    default:
      return tb('words.label.one', { name: labels.get(label) ?? label.slice(label.indexOf(' ') + 1) });
  }
}
