import type { GateCheck, GateDecision, GateOverride } from '#shared/schema/gate.ts';

const MARKS: Readonly<Record<GateCheck['outcome'], string>> = {
  passed: '+',
  failed: '-',
  'not-checked': '?',
};

/** The release gate for people: the decision, then every check with its mark, for no single number decides (P5-33). */
export function gateLines(gate: {
  readonly decision: GateDecision;
  readonly checks: readonly GateCheck[];
  readonly override?: GateOverride | null;
}): string {
  const checks = gate.checks.map(({ outcome, sentence }) => `  ${MARKS[outcome]} ${sentence}`);
  return [`Release gate: ${verdict(gate.decision, gate.override ?? null)}`, ...checks].join('\n');
}

/** The decision in few words: `go`, `no-go, overruled by Ann: the fair opens tomorrow`. */
export function verdict(decision: GateDecision, override: GateOverride | null): string {
  if (override) return `no-go, overruled${override.by ? ` by ${override.by}` : ''}: ${override.reason}`;
  return decision === 'not-checked' ? 'nothing could be checked' : decision;
}
