import { confidence } from '#shared/schema/names.ts';

/** 0.95 → `95.0 %`; a dash where the set can't say. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

export function decimal(value: number | null, digits: number = 4): string {
  return value === null ? '–' : value.toFixed(digits);
}

/** `1 photo`, `12 photos`. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** 0.95 → `95`; as people read a threshold. */
export function asConfidence(score: number): string {
  return String(confidence(score));
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
