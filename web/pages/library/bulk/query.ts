/** What is asked of the results of a bulk identification (P4-18 … P4-23, P5-39), as data: kept in the address, shared. */

/** Which classes the best guess may be. */
export type GuessAsked =
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly id: string }
  /** Those whose photos in the library are fewer than `minimum` (P4-19). */
  | { readonly kind: 'short'; readonly minimum: number }
  /** Those whose real photos alone are fewer than `minimum` (P4-20). */
  | { readonly kind: 'staged'; readonly minimum: number };

/**
 * Which label a result may have: none, also for what is not in the library; an unknown one; either of both (`open`);
 * one that trains; not in the library (`outside`); or one label, by kind and id.
 */
export type LabelAsked = (typeof LABELS_ASKED)[number] | `${'sub-class' | 'unknown'} ${string}`;
export const LABELS_ASKED = ['any', 'open', 'none', 'unknown', 'labelled', 'outside'] as const;

export const VERDICTS = ['any', 'agrees', 'differs', 'foreign'] as const;
/** What the best guess is to the label; `foreign`: the version does not know the label's class. */
export type VerdictAsked = (typeof VERDICTS)[number];

export const ORDERS = ['source', 'highest', 'lowest', 'class'] as const;
/** `class`: by the best guess, in each the surest first. */
export type ResultOrder = (typeof ORDERS)[number];

export interface BulkQuery {
  readonly guess: GuessAsked;
  /** Confidence of the best guess, 0 … 100: at least this … */
  readonly from: number;
  /** … and below this; 100 for no bound. */
  readonly to: number;
  readonly label: LabelAsked;
  readonly verdict: VerdictAsked;
  /** Those set aside, in place of those that are not. */
  readonly aside: boolean;
  readonly order: ResultOrder;
}

export const EVERYTHING: BulkQuery = {
  guess: { kind: 'any' },
  from: 0,
  to: 100,
  label: 'any',
  verdict: 'any',
  aside: false,
  order: 'source',
};

/** A confidence as people may ask for it: whole tenths between 0 and 100. */
export function tidyBound(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;
}

/** Bounds as people set them, the lower one first; what is no number bounds nothing. */
export function withBounds(query: BulkQuery, from: number, to: number): BulkQuery {
  const low = Number.isFinite(from) ? tidyBound(from) : 0;
  const high = Number.isFinite(to) ? tidyBound(to) : 100;
  return { ...query, from: Math.min(low, high), to: Math.max(low, high) };
}

/** The query as a short text, for the address; the plainest question is the empty text. */
export function encodeQuery(query: BulkQuery): string {
  const parts = new URLSearchParams();
  const { guess } = query;
  if (guess.kind === 'class') parts.set('guess', guess.id);
  else if (guess.kind !== 'any') parts.set(guess.kind, String(guess.minimum));
  if (query.from !== 0 || query.to !== 100) parts.set('score', `${String(query.from)}-${String(query.to)}`);
  if (query.label !== 'any') parts.set('label', query.label);
  if (query.verdict !== 'any') parts.set('verdict', query.verdict);
  if (query.aside) parts.set('aside', '1');
  if (query.order !== 'source') parts.set('order', query.order);
  return parts.toString();
}

/** Reads what `encodeQuery` wrote; what makes no sense asks for nothing. */
export function decodeQuery(text: string): BulkQuery {
  const parts = new URLSearchParams(text);
  const [from = '', to = ''] = (parts.get('score') ?? '').split('-');
  const query: BulkQuery = {
    ...EVERYTHING,
    guess: guessIn(parts),
    label: labelIn(parts.get('label')),
    verdict: oneOf(VERDICTS, parts.get('verdict')),
    aside: parts.get('aside') === '1',
    order: oneOf(ORDERS, parts.get('order')),
  };
  return from === '' || to === '' ? query : withBounds(query, Number(from), Number(to));
}

function guessIn(parts: URLSearchParams): GuessAsked {
  const id = parts.get('guess');
  if (id !== null && id !== '') return { kind: 'class', id };
  for (const kind of ['short', 'staged'] as const) {
    const minimum = Number(parts.get(kind) ?? NaN);
    if (Number.isSafeInteger(minimum) && minimum > 0) return { kind, minimum };
  }
  return { kind: 'any' };
}

function labelIn(text: string | null): LabelAsked {
  if (text !== null && /^(sub-class|unknown) ./su.test(text)) return text as LabelAsked;
  return oneOf(LABELS_ASKED, text);
}

/** The first of the values is what is meant where none is. */
function oneOf<T extends string>(values: readonly [T, ...T[]], text: string | null): T {
  return values.find((value) => value === text) ?? values[0];
}

export function sameQuery(a: BulkQuery, b: BulkQuery): boolean {
  return encodeQuery(a) === encodeQuery(b);
}
