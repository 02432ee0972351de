import { DEFAULT_DATA_SET_OPTIONS, THROW_AWAY_MINIMUM, type DataSetOptions } from '#shared/schema/dataset.ts';
import type { ExportedPlan } from '#shared/schema/exported-plan.ts';

import { dataSetOptions, type OptionName, type RunOptions } from './options.ts';

const KNOBS = Object.keys(DEFAULT_DATA_SET_OPTIONS) as (keyof DataSetOptions & OptionName)[];

/** The data-set knobs of a run, and those of them that the library's planner decided. */
export interface PlannedOptions {
  readonly options: DataSetOptions;
  /** In words, where the plan differs from the usual: `minimum 30`. */
  readonly planned: readonly string[];
}

/**
 * What the run was told counts; what nobody said is taken from the plan that came with the library (P2-36).
 * @param given names of the settings that came from flags, environment or config file
 */
export function plannedOptions(
  options: RunOptions,
  given: ReadonlySet<string>,
  plan: ExportedPlan | null,
): PlannedOptions {
  const own = dataSetOptions(options);
  if (!plan) return { options: own, planned: [] };
  const left = KNOBS.filter((knob) => !given.has(knob));
  const taken = Object.fromEntries(left.map((knob) => [knob, plan.options[knob]])) as Partial<DataSetOptions>;
  const minimum = taken.minimum ?? own.minimum;
  const settled = { ...own, ...taken };
  return {
    options: { ...settled, minimum: options.throwAway ? Math.min(minimum, THROW_AWAY_MINIMUM) : minimum },
    planned: left
      .filter((knob) => words(plan.options[knob]) !== words(DEFAULT_DATA_SET_OPTIONS[knob]))
      .map((knob) => `${knob} ${words(plan.options[knob])}`),
  };
}

function words(value: DataSetOptions[keyof DataSetOptions]): string {
  return typeof value === 'number' ? String(value) : `${value.training}-${value.validation}-${value.test}`;
}
