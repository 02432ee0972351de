/** Round numbers from `low` to `high` for an axis, about as many as asked for: 1, 2 or 5 times a power of ten apart. */
export function ticks(low: number, high: number, about = 5): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((n) => n * power >= rough * 0.999) ?? 10) * power;
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten that lie within, or the ends where none does. */
export function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last < first) return [low, high];
  return Array.from({ length: last - first + 1 }, (_, i) => Number((10 ** (first + i)).toPrecision(12)));
}

/** Smallest and largest of some values with a little room; a span of nothing is widened. */
export function extent(values: readonly number[], from?: number): readonly [low: number, high: number] {
  const low = values.reduce((a, b) => Math.min(a, b), from ?? Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  return high > low
    ? [low, high]
    : [low - Math.max(Math.abs(low), 1e-9) / 2, high + Math.max(Math.abs(high), 1e-9) / 2];
}

/** Where a value lies between two, 0…1. */
export function place(value: number, [low, high]: readonly [number, number], log = false): number {
  if (!log) return (value - low) / (high - low);
  return (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
}
