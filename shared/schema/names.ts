import * as v from 'valibot';

/** Longest name a person may give to a sub-class, class, library or benchmark, in UTF-16 units. */
export const MAX_NAME = 300;

/** SHA-256 of the bytes of the file as it came in, 64 lower-case hex digits. The identity of a photo everywhere. */
export const PhotoId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
  v.brand('PhotoId'),
);
export type PhotoId = v.InferOutput<typeof PhotoId>;

/** SHA-256, 64 lower-case hex digits. */
export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'));

/** A name as people write and read it. Hostile until shown as text. */
export const DisplayName = v.pipe(
  v.string(),
  v.minLength(1, 'expected a name'),
  v.maxLength(MAX_NAME, `expected at most ${String(MAX_NAME)} characters`),
);

/**
 * The identity of a sub-class, unknown label or class: its name with case, spaces and Unicode form folded
 * (see `labelKey`). Two people who create "Red Panda" and "red  panda" mean the same one.
 */
export const LabelId = v.pipe(
  v.string(),
  v.minLength(1, 'expected a label'),
  v.maxLength(MAX_NAME),
  v.check((id) => foldName(id) === id, 'expected a folded label'),
  v.brand('LabelId'),
);
export type LabelId = v.InferOutput<typeof LabelId>;

/** Date and time as ISO 8601 in UTC. */
export const Instant = v.pipe(v.string(), v.isoTimestamp('expected an ISO 8601 time'));

/** Who took a decision; empty where nobody has said yet. */
export const Person = v.pipe(v.string(), v.maxLength(MAX_NAME));

/** A positive integer; its folder is `versionFolder(version)`. */
export const ModelVersion = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('ModelVersion'));
export type ModelVersion = v.InferOutput<typeof ModelVersion>;

/** Softmax value 0…1. */
export const Score = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Whole number ≥ 0. */
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Folds a name to its identity: NFC, outer spaces off, inner spaces single, lower case. Idempotent. */
export function labelKey(name: string): LabelId {
  return foldName(name) as LabelId;
}

function foldName(name: string): string {
  const once = (s: string): string => s.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
  let key = once(name);
  // Lower-casing can create new composable pairs ("İ"), so fold until nothing changes; two rounds suffice in practice.
  for (let next = once(key); next !== key; next = once(key)) key = next;
  return key;
}

/** `7` → `007`. */
export function versionFolder(version: number): string {
  return String(version).padStart(3, '0');
}

/** Score 0…1 → confidence 0…100 as people read it, rounded down so that "95" never flatters 0.9496. */
export function confidence(score: number): number {
  return Math.floor(score * 1000 + 1e-9) / 10;
}

/** The rule of the whole system: an answer is given at or above the threshold. */
export function isAnswer(score: number, threshold: number): boolean {
  return score >= threshold;
}

/** One threshold for all classes and models (0…1). */
export const DEFAULT_THRESHOLD = 0.95;
