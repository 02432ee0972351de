import type { GateCheck } from '#shared/schema/gate.ts';

/** One question of the release gate: as it was answered at publishing, and as it would be at the slider's threshold. */
export interface CheckRow {
  /** As published; where the version never met the gate, as it would be at its own threshold. */
  readonly check: GateCheck;
  /** Null where the slider does not decide it, or the scores are not at hand. */
  readonly now: GateCheck | null;
}

/** @param published of the card; `usual` and `now` were worked out from the scores */
export function checkRows(
  published: readonly GateCheck[],
  usual: readonly GateCheck[],
  now: readonly GateCheck[],
): CheckRow[] {
  const known = new Set(published.map(keyOf));
  const byKey = new Map(now.map((check) => [keyOf(check), check]));
  return [...published, ...usual.filter((check) => !known.has(keyOf(check)))].map((check) => ({
    check,
    now: check.set === null ? null : (byKey.get(keyOf(check)) ?? null),
  }));
}

/** How far a measured figure went up or down with the slider; 0 where it did not move. */
export function movedBy({ check, now }: CheckRow): number {
  return (now?.measured ?? 0) - (now === null ? 0 : (check.measured ?? 0));
}

function keyOf({ check, set }: GateCheck): string {
  return JSON.stringify([check, set]);
}
