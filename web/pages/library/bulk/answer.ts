/** Answers a query over columns: which results fit, in which order, and how many there are of each class. */
import { needOf, isShort, leansOnStaged, type Needs } from './needs.ts';
import type { BulkQuery, GuessAsked, LabelAsked, VerdictAsked } from './query.ts';
import { NONE, STANDING, type Rows, type Scored } from './rows.ts';

/** Places of all results in the orders that the scores give; made when they are first asked for. */
export class Orders {
  readonly #scored: Scored;
  #highest: Uint32Array | undefined;
  #lowest: Uint32Array | undefined;
  #class: Uint32Array | undefined;

  constructor(scored: Scored) {
    this.#scored = scored;
  }

  /** null: the order of the source. */
  places(order: BulkQuery['order']): Uint32Array | null {
    switch (order) {
      case 'source':
        return null;
      case 'highest':
        return (this.#highest ??= byScore(this.#scored, -1));
      case 'lowest':
        // Not the other one backwards: equal scores stay in the order of the source.
        return (this.#lowest ??= byScore(this.#scored, 1));
      case 'class':
        return (this.#class ??= byClass(this.#scored, (this.#highest ??= byScore(this.#scored, -1))));
    }
  }
}

/** Those without a score come last either way. */
function byScore({ score }: Scored, sign: 1 | -1): Uint32Array {
  const keys = Float64Array.from(score, (s) => (Number.isNaN(s) ? Infinity : sign * s));
  return placesUpTo(score.length).sort((a, b) => {
    const [x, y] = [keys[a] as number, keys[b] as number];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}

/** Names of classes in the order of the language, in each the surest first. */
function byClass({ best, labels }: Scored, highest: Uint32Array): Uint32Array {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const names = labels.map(({ name }, at) => ({ name, at })).sort((a, b) => compare(a.name, b.name));
  const rank = new Uint32Array(labels.length);
  names.forEach(({ at }, place) => (rank[at] = place));
  const rankOf = (place: number): number => rank[best[place] as number] ?? labels.length;
  return highest.slice().sort((a, b) => rankOf(a) - rankOf(b));
}

function placesUpTo(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, at) => at);
}

/** Places of the results that fit, in the order asked for. */
export function answer(query: BulkQuery, rows: Rows, needs: Needs, orders: Orders): Uint32Array {
  const fits = fitting(query, rows, needs);
  const order = orders.places(query.order);
  const places = new Uint32Array(rows.results.length);
  let n = 0;
  for (let i = 0; i < places.length; i++) {
    const at = order ? (order[i] as number) : i;
    if (fits(at)) places[n++] = at;
  }
  return places.slice(0, n);
}

/** How many results fit for each class of the best guess, whatever class is asked for. */
export function countsByClass(query: BulkQuery, rows: Rows, needs: Needs): Uint32Array {
  const counts = new Uint32Array(rows.labels.length);
  const fits = fitting({ ...query, guess: { kind: 'any' } }, rows, needs);
  for (let at = 0; at < rows.best.length; at++) {
    const best = rows.best[at] as number;
    if (best !== NONE && fits(at)) counts[best] = (counts[best] as number) + 1;
  }
  return counts;
}

/** Whether the result at a place fits. */
export function fitting(query: BulkQuery, rows: Rows, needs: Needs): (at: number) => boolean {
  const classes = fittingClasses(query.guess, rows.labels, needs);
  const standings = standingsAsked(query.label, query.verdict);
  const wanted = labelAsked(query.label, rows);
  const [from, to] = [query.from / 100, query.to / 100];
  const bounded = query.from > 0 || query.to < 100;
  const aside = query.aside ? 1 : 0;
  return (at) => {
    if (standings[rows.standing[at] as number] !== 1 || rows.aside[at] !== aside) return false;
    if (classes && classes[rows.best[at] as number] !== 1) return false;
    if (wanted !== null && rows.label[at] !== wanted) return false;
    const score = rows.score[at] as number;
    return !bounded || (score >= from && (query.to === 100 || score < to));
  };
}

/** By place of a class: 1 where it is asked for; null where all are, and results that could not be read. */
export function fittingClasses(guess: GuessAsked, labels: Rows['labels'], needs: Needs): Uint8Array | null {
  if (guess.kind === 'any') return null;
  return Uint8Array.from(labels, (label) => {
    if (guess.kind === 'class') return label.id === guess.id ? 1 : 0;
    const need = needOf(label, needs);
    if (!need) return 0;
    return (guess.kind === 'short' ? isShort : leansOnStaged)(need, guess.minimum) ? 1 : 0;
  });
}

const { outside, bare, unknown, agrees, differs, foreign } = STANDING;

/** By standing: 1 where it fits the label and the verdict asked for. */
function standingsAsked(label: LabelAsked, verdict: VerdictAsked): Uint8Array {
  const asked = new Uint8Array(Object.keys(STANDING).length);
  for (const standing of standingsOfLabel(label)) asked[standing] = 1;
  const only = { any: null, agrees, differs, foreign }[verdict];
  return only === null ? asked : asked.map((on, standing) => (standing === only ? on : 0));
}

function standingsOfLabel(label: LabelAsked): readonly number[] {
  switch (label) {
    case 'open':
      return [outside, bare, unknown];
    case 'none':
      return [outside, bare];
    case 'unknown':
      return [unknown];
    case 'labelled':
      return [agrees, differs, foreign];
    case 'outside':
      return [outside];
    default:
      return [outside, bare, unknown, agrees, differs, foreign];
  }
}

/** Place of the one label asked for; null where none is, `-2` where no result has it. */
function labelAsked(label: LabelAsked, { worn }: Rows): number | null {
  if (!label.includes(' ')) return null;
  const place = worn.indexOf(label);
  return place === -1 ? -2 : place;
}
