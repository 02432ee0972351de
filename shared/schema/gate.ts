import * as v from 'valibot';

import { BENCHMARK_KINDS } from './benchmark.ts';
import { Count, DisplayName, Instant, ModelVersion, Person } from './names.ts';
import { defineRecord } from './record.ts';

const Share = v.pipe(
  v.number(),
  v.minValue(0, 'expected a share from 0 to 1, such as 0.8'),
  v.maxValue(1, 'expected a share from 0 to 1, such as 0.8'),
);

/** What the targets file may make necessary: without it a version is not published. */
const REQUIRABLE = [...BENCHMARK_KINDS, 'weighted-log-loss'] as const;

/** A group of targets: what the file leaves out keeps its default, a name that is not known is refused. */
const group = <E extends v.ObjectEntries>(entries: E) => v.optional(v.strictObject(entries), {} as never);

/**
 * The release gate's targets with the sources' numbers as defaults. Shares are of all photos of the benchmark (0…1),
 * answered at the threshold.
 */
const TargetsSchema = v.strictObject({
  v: v.literal(1),
  /** At least so many answered right, at most so many answered wrong (P3-24). */
  difficult: group({ truePositive: v.optional(Share, 0.8), falsePositive: v.optional(Share, 0.05) }),
  /** At most so many answered: every answer is wrong (P3-25, P3-26). */
  'out-of-scope': group({ falsePositive: v.optional(Share, 0.1) }),
  /** At most so many photos whose best guess is wrong, however unsure it is (P2-16). */
  'most-common': group({ errors: v.optional(Count, 0) }),
  /** At least so many answered right: correct and at the threshold (P2-17). */
  'least-common': group({ truePositive: v.optional(Share, 1) }),
  /** How much higher than production's the weighted log loss may be, in nats (P3-19). */
  'weighted-log-loss': group({ tolerance: v.optional(v.pipe(v.number(), v.minValue(0)), 0) }),
  /** Benchmarks and comparisons that must be there; others are "not checked" where the library has none. */
  require: v.optional(v.array(v.picklist(REQUIRABLE)), []),
});
export type Targets = v.InferOutput<typeof TargetsSchema>;
/** `targets.json`. */
export const targetsRecord = defineRecord('targets file', 1, TargetsSchema);
export const DEFAULT_TARGETS: Targets = targetsRecord.read({ v: 1 }, 'default targets');

const GATE_CHECKS = [
  'difficult-true-positive',
  'difficult-false-positive',
  'out-of-scope-false-positive',
  'most-common-errors',
  'least-common-true-positive',
  'weighted-log-loss',
  /** Can what is in production be read at all? */
  'production',
  /** Stands for a benchmark kind that the library does not have. */
  'benchmark-missing',
] as const;
export type GateCheckName = (typeof GATE_CHECKS)[number];

const Figure = v.nullable(v.number());

const GateCheckSchema = v.object({
  check: v.picklist(GATE_CHECKS),
  /** The set of photos that was looked at, as in `metrics.json`; null where there is none. */
  set: v.nullable(v.string()),
  /** Shares 0…1, numbers of photos or nats, as the check asks for. */
  target: Figure,
  measured: Figure,
  /** The same figure of the version in production. */
  production: Figure,
  outcome: v.picklist(['passed', 'failed', 'not-checked']),
  /** All of it in plain English. */
  sentence: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
});
export type GateCheck = v.InferOutput<typeof GateCheckSchema>;

/** `not-checked`: nothing failed because there was nothing to check. It may be published, and says so. */
const Decision = v.picklist(['go', 'no-go', 'not-checked']);
export type GateDecision = v.InferOutput<typeof Decision>;

/** How one score a photo spreads (P2-19, P2-20); null without photos. */
export const SpreadSchema = v.nullable(
  v.object({
    images: Count,
    min: v.number(),
    max: v.number(),
    median: v.number(),
    mean: v.number(),
    above: Count,
    below: Count,
  }),
);

const PairSchema = v.object({ measured: SpreadSchema, production: SpreadSchema });

/** P2-19 … P2-21: how the scores of one benchmark spread, beside production's; null where there is nothing to compare. */
const GateComparisonSchema = v.object({
  set: v.string(),
  name: DisplayName,
  kind: v.picklist(BENCHMARK_KINDS),
  /** Photos of the model's classes, by the score of the true class: higher is better. */
  known: PairSchema,
  /** Photos out of scope, by their best score: lower is better. */
  outOfScope: PairSchema,
});
export type GateComparison = v.InferOutput<typeof GateComparisonSchema>;

const REASONS = v.array(v.pipe(v.string(), v.maxLength(1000)));

/** `report/gate.json`: a written go or no-go, with everything it rests on (P2-12 … P2-21, P5-33). */
const GateResultSchema = v.object({
  v: v.literal(1),
  decision: Decision,
  /** Sentences of the failed checks. */
  reasons: REASONS,
  /** The version in production that was compared with; null where nothing is published or it can't be read. */
  comparedWith: v.nullable(ModelVersion),
  checks: v.array(GateCheckSchema),
  comparisons: v.array(GateComparisonSchema),
  targets: TargetsSchema,
});
export type GateResult = v.InferOutput<typeof GateResultSchema>;
export const gateRecord = defineRecord('gate result', 1, GateResultSchema);

/** Why a version was published although the gate said no. */
const OverrideSchema = v.object({
  reason: v.pipe(v.string(), v.trim(), v.minLength(1, 'expected a reason'), v.maxLength(1000)),
  at: Instant,
  /** Who took it; empty where nobody was named. */
  by: Person,
});
export type GateOverride = v.InferOutput<typeof OverrideSchema>;

/** The gate as the card of a version tells it. */
export const CardGateSchema = v.object({
  decision: Decision,
  reasons: REASONS,
  comparedWith: v.nullable(ModelVersion),
  checks: v.array(GateCheckSchema),
  override: v.nullable(OverrideSchema),
});
export type CardGate = v.InferOutput<typeof CardGateSchema>;

/** The gate of a version that never met it. */
export const NOT_JUDGED: CardGate = {
  decision: 'not-checked',
  reasons: [],
  comparedWith: null,
  checks: [],
  override: null,
};
