import { formatNumber } from '../../messages/i18n.svelte.ts';
import { tm } from '../../messages/text-model.ts';

/** A figure that is not known. */
export const NONE = '–';

/** 0.9731 → `97.3 %`. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? NONE : tm('percent', { value: fixed(share * 100, 1) });
}

/** 0.34567 → `0.346`. */
export function decimal(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? NONE : fixed(value, digits);
}

/** 0.95 → `95`, 0.995 → `99.5`: a threshold as people read it. */
export function asConfidence(score: number): string {
  return formatNumber(Math.round(score * 1000) / 10, { maximumFractionDigits: 1 });
}

/** +1.2 or −1.2, with a sign that is read aloud. */
export function signed(value: number, digits: number): string {
  return formatNumber(value, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `benchmark:pranks` → `Benchmark “pranks”`. */
export function setTitle(name: string): string {
  if (name === 'training' || name === 'validation' || name === 'test') return tm(`set.${name}`);
  return tm('set.benchmark', { name: name.replace(/^benchmark:/, '') });
}

/** 125.4 s → `2 min 5 s`. */
export function duration(seconds: number): string {
  const all = Math.round(seconds);
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  const parts = [
    hours > 0 ? tm('hours', { n: hours }) : '',
    minutes > 0 ? tm('minutes', { n: minutes }) : '',
    hours === 0 ? tm('seconds', { n: all % 60 }) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function fixed(value: number, digits: number): string {
  return formatNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
