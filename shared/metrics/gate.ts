import type { GateCheck, GateComparison, GateDecision, GateResult, Targets } from '../schema/gate.ts';
import type { ScoreSummary } from './benchmark-summary.ts';
import { benchmarkChecks } from './gate-benchmarks.ts';
import type { ModelFigures, Production, SetFigures } from './gate-figures.ts';
import { compareLosses, lossCheck } from './gate-loss.ts';
import { bounded } from './gate-words.ts';

/**
 * Go or no-go with every check that led to it (P2-13 … P2-21, P3-19, P3-24 … P3-26): no single number decides (P5-33).
 */
export function judge({
  figures,
  production,
  targets,
}: {
  readonly figures: ModelFigures;
  readonly production: Production;
  readonly targets: Targets;
}): GateResult {
  const checks = [
    ...benchmarkChecks(figures, (set) => counterpart(production, figures, set), targets),
    lossCheck(compareLosses(figures, production), targets),
    ...productionCheck(production),
  ];
  const failed = checks.filter((check) => check.outcome === 'failed');
  return {
    v: 1,
    decision: decide(checks),
    reasons: failed.map((check) => check.sentence),
    comparedWith: production.kind === 'known' ? production.version : null,
    checks,
    comparisons: figures.sets.flatMap((set) => compareSpread(set, counterpart(production, figures, set))),
    targets,
  };
}

function decide(checks: readonly GateCheck[]): GateDecision {
  if (checks.some((check) => check.outcome === 'failed')) return 'no-go';
  return checks.some((check) => check.outcome === 'passed') ? 'go' : 'not-checked';
}

/** Production's figures for the same photos at the same threshold; null where there are none. */
function counterpart(production: Production, own: ModelFigures, set: SetFigures): SetFigures | null {
  if (production.kind !== 'known' || production.figures.threshold !== own.threshold) return null;
  const other = production.figures.sets.find((s) => s.name === set.name);
  return other?.pictures === set.pictures ? other : null;
}

function productionCheck(production: Production): GateCheck[] {
  if (production.kind !== 'unreadable') return [];
  return [
    {
      check: 'production',
      set: null,
      target: null,
      measured: null,
      production: null,
      outcome: 'failed',
      sentence: bounded(
        `What is in production can't be read, so nothing can be compared with it: ${production.reason}`,
      ),
    },
  ];
}

function compareSpread(set: SetFigures, other: SetFigures | null): GateComparison[] {
  if (set.benchmark === null) return [];
  const pair = (of: 'known' | 'outOfScope'): GateComparison['known'] => ({
    measured: copied(set.spread?.[of]),
    production: copied(other?.spread?.[of]),
  });
  const { name, title, benchmark } = set;
  return [{ set: name, name: title, kind: benchmark, known: pair('known'), outOfScope: pair('outOfScope') }];
}

function copied(spread: ScoreSummary | null | undefined): GateComparison['known']['measured'] {
  return spread ? { ...spread } : null;
}
