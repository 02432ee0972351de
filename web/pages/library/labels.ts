import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { tl } from '../../messages/text-library.ts';
import type { LabelChoice, LibraryState } from '../../state/contract.ts';

type Labels = Pick<LibraryState, 'subClasses' | 'unknownLabels'>;

/** What the label field offers: an existing label or a new one by its name. */
export type LabelPick =
  | { readonly kind: 'existing'; readonly choice: LabelChoice }
  | { readonly kind: 'new'; readonly of: LabelChoice['kind']; readonly name: string };

export interface LabelOption {
  readonly key: string;
  readonly text: string;
  readonly hint?: string;
  readonly value: LabelPick;
}

const MOST_SHOWN = 50;

/** Labels that contain the typed text, those that begin with it first; then the ways to make a new one. */
export function labelOptions(labels: Labels, query: string): LabelOption[] {
  const wanted = labelKey(query);
  const fitting = [...existing(labels, 'sub-class'), ...existing(labels, 'unknown')].filter((o) =>
    labelKey(o.text).includes(wanted),
  );
  const begins = (o: LabelOption): number => (labelKey(o.text).startsWith(wanted) ? 0 : 1);
  const found = fitting
    .sort((a, b) => begins(a) - begins(b) || a.text.localeCompare(b.text))
    .slice(0, MOST_SHOWN);
  const taken = fitting.some((o) => labelKey(o.text) === wanted);
  return wanted === '' || taken ? found : [...found, ...creations(query.trim())];
}

function existing(labels: Labels, kind: LabelChoice['kind']): LabelOption[] {
  const list = kind === 'sub-class' ? labels.subClasses : labels.unknownLabels;
  return list.map(({ id, name }) => ({
    key: `${kind} ${id}`,
    text: name,
    value: { kind: 'existing', choice: { kind, id } },
    ...(kind === 'unknown' ? { hint: tl('label.unknownHint') } : {}),
  }));
}

function creations(name: string): LabelOption[] {
  return [
    { key: 'new', text: tl('label.create', { name }), value: { kind: 'new', of: 'sub-class', name } },
    {
      key: 'new unknown',
      text: tl('label.createUnknown', { name }),
      value: { kind: 'new', of: 'unknown', name },
    },
  ];
}

/** Names of all labels by kind and id. A map, since labels like "constructor" are legal. */
export function labelNames(labels: Labels): ReadonlyMap<string, string> {
  return new Map([
    ...labels.subClasses.map((l) => [`sub-class ${l.id}`, l.name] as const),
    ...labels.unknownLabels.map((l) => [`unknown ${l.id}`, l.name] as const),
  ]);
}

/** What a photo is labelled with, as people read it; null without a label. */
export function nameOf(photo: Photo, names: ReadonlyMap<string, string>): string | null {
  return photo.label && (names.get(keyOf(photo.label)) ?? photo.label.id);
}

/** One key for a label of either kind. */
export function keyOf(label: LabelChoice): string {
  return `${label.kind} ${label.id}`;
}

/** `all`, `unlabelled`, `labelled`, or the key of one label. */
export type Filter = string;

export function fits(photo: Photo, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'unlabelled') return photo.label === null;
  if (filter === 'labelled') return photo.label !== null;
  return photo.label !== null && keyOf(photo.label) === filter;
}

/** Photos of each filter, counted in one pass. */
export function countFilters(photos: readonly Photo[]): ReadonlyMap<Filter, number> {
  const counts = new Map<Filter, number>([
    ['all', photos.length],
    ['unlabelled', 0],
    ['labelled', 0],
  ]);
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { label } of photos) {
    add(label ? 'labelled' : 'unlabelled');
    if (label) add(keyOf(label));
  }
  return counts;
}
