import { HINTS, type HintReason } from '#shared/image/hints.ts';
import { FAULTS, ORIGINS, SOURCES, type Fault, type Origin, type Photo } from '#shared/schema/photo.ts';

import { formatNumber } from '../../../messages/i18n.svelte.ts';
import { tl } from '../../../messages/text-library.ts';
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { MergeRule } from '#shared/schema/label.ts';
import type { PhotoFilter } from '../../../state/contract.ts';
import { CHOICES, isEmpty, type ChoiceName } from './filter.ts';
import type { Sureness } from './guesses.ts';
import type { Twin } from './twins.ts';

/** Names of what a filter may hold. */
export interface Names {
  /** Of labels, by kind and id. */
  readonly labels: ReadonlyMap<string, string>;
  readonly benchmarks: readonly Pick<Benchmark, 'id' | 'name'>[];
  /** Of the published model's classes. */
  readonly guessed?: ReadonlyMap<string, string> | undefined;
  /** Merged classes. */
  readonly classes: readonly Pick<MergeRule, 'id' | 'name'>[];
}

/** A value of a filter as people read it. */
export function valueWords(name: ChoiceName, value: string, names: Names): string {
  const { benchmarks, classes } = names;
  switch (name) {
    case 'origin':
      return tl(`origin.short.${value as Origin}`);
    case 'fault':
      return value === 'none' ? tl('filter.fault.none') : tl(`fault.${value as Fault}`);
    case 'use':
      return tl(value === 'out' ? 'filter.use.out' : 'filter.use.in');
    case 'standing':
      return tl(`filter.standing.${value as 'single' | 'agreed' | 'disputed'}`);
    case 'hint':
      return value === 'none' ? tl('filter.hint.none') : tl(`hint.${value as HintReason}`);
    case 'twin':
      return tl(`filter.twin.${value as Twin | 'alone'}`);
    case 'guess':
      return names.guessed?.get(value) ?? names.labels.get(`sub-class ${value}`) ?? value;
    case 'verdict':
      return tl(`filter.verdict.${value as 'agrees' | 'differs'}`);
    case 'sure':
      return tl(`filter.sure.${value as Sureness}`);
    case 'person':
      return value === '' ? tl('filter.person.none') : value;
    case 'source':
      return tl(`source.${value as Photo['source']}`);
    case 'class':
      return classes.find((one) => one.id === value)?.name ?? value;
    case 'benchmark':
      return benchmarks.find((one) => one.id === value)?.name ?? value;
  }
}

const FIXED: Partial<Record<ChoiceName, readonly string[]>> = {
  origin: ORIGINS,
  fault: ['none', ...FAULTS],
  use: ['in', 'out'],
  standing: ['single', 'agreed', 'disputed'],
  hint: ['none', ...HINTS],
  verdict: ['agrees', 'differs'],
  sure: ['high', 'middle', 'low', 'none'],
  source: SOURCES,
  twin: ['open', 'decided', 'alone'],
};

/** The values to offer: those that some photo has, and those that are ticked. */
export function valuesOffered(
  name: ChoiceName,
  counts: ReadonlyMap<string, number>,
  filter: PhotoFilter,
  names: Names,
): string[] {
  const ticked: readonly string[] = filter[name];
  const all = FIXED[name] ?? [...new Set([...counts.keys(), ...ticked])].sort();
  const ids = name === 'benchmark' ? names.benchmarks.map((one) => one.id as string) : all;
  return ids.filter((value) => (counts.get(value) ?? 0) > 0 || ticked.includes(value));
}

/** "Lion, Real, Without faults: 312 of 100,000". */
export function filterWords(filter: PhotoFilter, names: Names, shown: number, all: number): string {
  const words = isEmpty(filter) ? tl('filter.everything') : parts(filter, names).join(', ');
  return tl('filter.words', { filter: words, n: formatNumber(shown), all: formatNumber(all) });
}

function parts(filter: PhotoFilter, names: Names): string[] {
  const { label, text, from, to } = filter;
  const words: string[] = [];
  if (label === 'labelled') words.push(tl('filter.everyLabel'));
  else if (label === 'unlabelled') words.push(tl('filter.noLabel'));
  else if (label !== 'all') words.push(names.labels.get(label) ?? label);
  for (const name of CHOICES) words.push(...filter[name].map((value) => valueWords(name, value, names)));
  if (text.trim() !== '') words.push(tl('filter.quoted', { text: text.trim() }));
  if (from !== '') words.push(tl('filter.since', { day: from }));
  if (to !== '') words.push(tl('filter.until', { day: to }));
  return words;
}

/** How many parts of the filter are in use, without the label, which is seen anyway. */
export function partsInUse(filter: PhotoFilter): number {
  const ticked = CHOICES.filter((name) => filter[name].length > 0).length;
  return ticked + [filter.text.trim(), filter.from, filter.to].filter((part) => part !== '').length;
}
