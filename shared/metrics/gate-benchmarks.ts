import { BENCHMARK_KINDS, type BenchmarkKind } from '../schema/benchmark.ts';
import type { GateCheck, GateCheckName, Targets } from '../schema/gate.ts';
import type { ModelFigures, SetFigures } from './gate-figures.ts';
import { benchmarkName, bounded, counted, sharePercent, targetPercent } from './gate-words.ts';

/** One question that the gate asks of a benchmark. */
interface Question {
  readonly check: GateCheckName;
  /** The figure; null for an empty benchmark. */
  readonly measure: (set: SetFigures) => number | null;
  readonly target: (targets: Targets) => number;
  readonly goal: 'at least' | 'at most';
  /** `72.0 % true positives (18 of 25)` */
  readonly found: (measured: number, images: number) => string;
  /** `at least 80 %` */
  readonly wanted: (target: number) => string;
}

const QUESTIONS: Readonly<Record<BenchmarkKind, readonly Question[]>> = {
  difficult: [
    {
      check: 'difficult-true-positive',
      measure: (set) => set.summary.truePositive,
      target: (targets) => targets.difficult.truePositive,
      goal: 'at least',
      found: (measured, images) => sharePercent(measured, images, 'true positives'),
      wanted: (target) => `at least ${targetPercent(target)}`,
    },
    {
      check: 'difficult-false-positive',
      measure: (set) => set.summary.falsePositive,
      target: (targets) => targets.difficult.falsePositive,
      goal: 'at most',
      found: (measured, images) => sharePercent(measured, images, 'false positives'),
      wanted: (target) => `at most ${targetPercent(target)}`,
    },
  ],
  'out-of-scope': [
    {
      check: 'out-of-scope-false-positive',
      measure: (set) => set.summary.falsePositive,
      target: (targets) => targets['out-of-scope'].falsePositive,
      goal: 'at most',
      found: (measured, images) => sharePercent(measured, images, 'false positives'),
      wanted: (target) => `at most ${targetPercent(target)}`,
    },
  ],
  'most-common': [
    {
      check: 'most-common-errors',
      measure: wrongGuesses,
      target: (targets) => targets['most-common'].errors,
      goal: 'at most',
      found: (measured, images) => `${measured} of ${images} guessed wrong`,
      wanted: (target) => (target === 0 ? 'none' : `at most ${target}`),
    },
  ],
  'least-common': [
    {
      check: 'least-common-true-positive',
      measure: (set) => set.summary.truePositive,
      target: (targets) => targets['least-common'].truePositive,
      goal: 'at least',
      found: (measured, images) => sharePercent(measured, images, 'true positives'),
      wanted: (target) => (target === 1 ? 'all' : `at least ${targetPercent(target)}`),
    },
  ],
};

/**
 * Every check of every benchmark, in the order of the kinds. A kind without photos is said to be not checked, or fails
 * where the targets require it.
 * @param productionOf production's figures for the same photos; null where there are none
 */
export function benchmarkChecks(
  { sets }: Pick<ModelFigures, 'sets'>,
  productionOf: (set: SetFigures) => SetFigures | null,
  targets: Targets,
): GateCheck[] {
  return BENCHMARK_KINDS.flatMap((kind) => {
    const checks = sets
      .filter((set) => set.benchmark === kind)
      .flatMap((set) => QUESTIONS[kind].flatMap((q) => ask(q, kind, set, productionOf(set), targets)));
    return checks.length > 0 ? checks : [missing(kind, targets.require.includes(kind))];
  });
}

/** Nothing can be asked of an empty benchmark. */
function ask(
  { check, measure, target, goal, found, wanted }: Question,
  kind: BenchmarkKind,
  set: SetFigures,
  production: SetFigures | null,
  targets: Targets,
): GateCheck[] {
  const measured = measure(set);
  if (measured === null) return [];
  const [limit, theirs] = [target(targets), production && measure(production)];
  const { images } = set.summary;
  const learnt = production?.learnt ? `, which learnt from ${production.learnt} of them` : '';
  const beside = theirs === null ? '' : `; in production ${found(theirs, images)}${learnt}`;
  const sentence =
    `${benchmarkName(kind, set.title)}: ${found(measured, images)}, ${wanted(limit)} wanted` +
    `${beside}${strangers(kind, set)}.`;
  const isMet = goal === 'at least' ? measured >= limit : measured <= limit;
  return [
    {
      check,
      set: set.name,
      target: limit,
      measured,
      production: theirs,
      outcome: isMet ? 'passed' : 'failed',
      sentence: bounded(sentence),
    },
  ];
}

/** Photos whose best guess is wrong, sure or not; one of a class that the model does not have can't be right. */
function wrongGuesses({ summary, spread }: SetFigures): number | null {
  if (summary.images === 0) return null;
  return summary.images - Math.round((summary.accuracy ?? 0) * (spread?.known?.images ?? 0));
}

function strangers(kind: BenchmarkKind, { summary, spread }: SetFigures): string {
  const unknown = summary.images - (spread?.known?.images ?? 0);
  if (kind === 'out-of-scope' || unknown === 0) return '';
  return ` (${counted(unknown, 'photo')} of a class that is not in the model)`;
}

function missing(kind: BenchmarkKind, isRequired: boolean): GateCheck {
  const none = `the library has no ${kind} benchmark with photos`;
  return {
    check: 'benchmark-missing',
    set: null,
    target: null,
    measured: null,
    production: null,
    outcome: isRequired ? 'failed' : 'not-checked',
    sentence: isRequired ? `The targets require it, but ${none}.` : `Not checked: ${none}.`,
  };
}
