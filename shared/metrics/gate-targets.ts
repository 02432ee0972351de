import { DEFAULT_TARGETS, type GateCheck, type GateCheckName, type Targets } from '../schema/gate.ts';

/** The benchmarks' targets that a version was judged by, as its card tells them; the usual ones where it does not. */
export function targetsOf(checks: readonly GateCheck[]): Targets {
  const told = (name: GateCheckName, usual: number): number =>
    checks.find(({ check }) => check === name)?.target ?? usual;
  const usual = DEFAULT_TARGETS;
  return {
    ...usual,
    difficult: {
      truePositive: told('difficult-true-positive', usual.difficult.truePositive),
      falsePositive: told('difficult-false-positive', usual.difficult.falsePositive),
    },
    'out-of-scope': {
      falsePositive: told('out-of-scope-false-positive', usual['out-of-scope'].falsePositive),
    },
    'most-common': { errors: told('most-common-errors', usual['most-common'].errors) },
    'least-common': { truePositive: told('least-common-true-positive', usual['least-common'].truePositive) },
  };
}
