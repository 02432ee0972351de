import type { Quartiles } from '#shared/metrics/quartiles.ts';
import type { ShareInterval } from '#shared/metrics/interval.ts';

import { formatInstant, formatNumber } from '../../../messages/i18n.svelte.ts';
import { tq } from '../../../messages/text-quiz.ts';
import type { Quiz } from '../../../state/contract.ts';
import type { Source } from './questions.ts';

/** A person as people read it; who gave no name has none. */
export function whoOf(by: string): string {
  return by === '' ? tq('nobody') : by;
}

/** A sitting as it is told from others. */
export function sittingWords({ by, at }: Pick<Quiz, 'by' | 'at'>): {
  readonly who: string;
  readonly when: string;
} {
  return { who: whoOf(by), when: formatInstant(at) };
}

/** What photos are chosen from. @param version the one in use */
export function sourceWords(source: Source, version: number): string {
  switch (source.kind) {
    case 'library':
      return tq('start.library');
    case 'known':
      return tq('start.known', { n: version });
    case 'confused':
      return tq('start.confused');
    case 'benchmark':
      return tq('start.benchmark', { name: source.benchmark.name });
  }
}

const whole = (share: number): string => formatNumber(Math.round(share * 100));

/** "17 (85 %)"; a dash for nothing counted. */
export function countWords(n: number, of: number): string {
  return of === 0 ? tq('none') : tq('result.count', { n, value: whole(n / of) });
}

/** "64–95 %". */
export function rangeWords(interval: ShareInterval | null): string {
  return interval ? tq('result.range', { low: whole(interval.low), high: whole(interval.high) }) : tq('none');
}

const seconds = (ms: number): string =>
  formatNumber(ms / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function medianWords(ms: Quartiles | null): string {
  return ms ? seconds(ms.median) : tq('result.notMeasured');
}

/** The quarters around the median. */
export function spreadWords(ms: Quartiles | null): string {
  return ms ? tq('result.span', { low: seconds(ms.low), high: seconds(ms.high) }) : tq('none');
}
