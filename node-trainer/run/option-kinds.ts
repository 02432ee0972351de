/** A setting was not what its option expects. The message names the option and where the value came from. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** One setting of a run: where it may come from, what it means, how its text is read. */
export interface Option<T> {
  /** For commander: `--seed <n>`; without `<…>` it is a switch. */
  readonly flag: string;
  /** Name of the environment variable (P5-45, P5-46). */
  readonly env: string;
  readonly fallback: T;
  /** One line for people. */
  readonly meaning: string;
  /**
   * Reads a value from a flag, an environment variable or a config file.
   * @throws OptionError saying what was expected
   */
  readonly read: (value: unknown) => T;
}

type About<T> = Omit<Option<T>, 'read'>;

/** A whole number within bounds (both included). */
export function wholeNumber(min: number, max: number, about: About<number>): Option<number> {
  return { ...about, read: wholeNumberIn(min, max) };
}

/** A number within bounds (both included). */
export function number(min: number, max: number, about: About<number>): Option<number> {
  return { ...about, read: numberIn(min, max) };
}

/** Reads a whole number within bounds (both included). */
export function wholeNumberIn(min: number, max: number): Option<number>['read'] {
  return (value) => {
    const n = toNumber(value);
    if (Number.isInteger(n) && n >= min && n <= max) return n;
    throw new OptionError(`expected a whole number from ${min} to ${max}, got ${show(value)}`);
  };
}

/** Reads a number within bounds (both included). */
export function numberIn(min: number, max: number): Option<number>['read'] {
  return (value) => {
    const n = toNumber(value);
    if (n >= min && n <= max) return n;
    throw new OptionError(`expected a number from ${min} to ${max}, got ${show(value)}`);
  };
}

/** Default of settings that the recipe knows better than one number for all recipes could. */
export const AS_RECIPE = 'recipe';
/** Default of settings that the network or its weights bring along. */
export const AS_NETWORK = 'network';

/** A number, or a word that leaves it to somebody who knows better; the word is the default. */
export function numberOr<W extends string>(
  word: W,
  read: Option<number>['read'],
  about: Omit<About<number>, 'fallback'>,
): Option<number | W> {
  return { ...about, fallback: word, read: (value) => (value === word ? word : read(value)) };
}

/** Text that `accepts` likes; `expected` completes "expected …". */
export function text<T extends string>(
  accepts: (value: string) => value is T,
  expected: string,
  about: About<T>,
): Option<T> {
  const read = (value: unknown): T => {
    if (typeof value === 'string' && accepts(value)) return value;
    throw new OptionError(`expected ${expected}, got ${show(value)}`);
  };
  return { ...about, read };
}

/** On or off; in the environment `1`, `true`, `yes`, `0`, `false`, `no` or empty. */
export function onOff(about: About<boolean>): Option<boolean> {
  const read = (value: unknown): boolean => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(1|true|yes|on)$/i.test(value)) return true;
    if (typeof value === 'string' && /^(0|false|no|off|)$/i.test(value)) return false;
    throw new OptionError(`expected true or false, got ${show(value)}`);
  };
  return { ...about, read };
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
