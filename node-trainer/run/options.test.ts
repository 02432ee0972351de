import { describe, expect, test } from 'vitest';

import { HEAD_DEFAULTS } from '#shared/model/head.ts';
import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';

import { dataSetOptions, type OptionSources, OPTIONS, resolveOptions } from './options.ts';
import { settlePhases } from './settle-phases.ts';

const nothing: OptionSources = { flags: {}, environment: {}, file: null };
const file = (values: Record<string, unknown>): OptionSources['file'] => ({
  name: 'run.config.json',
  values,
});

describe('options of a run (P5-45, P5-46)', () => {
  test('a flag wins over the environment, that over the config file, that over the default', () => {
    const values = file({ batchSize: 30 });
    const environment = { BATCH_SIZE: '20' };
    expect(resolveOptions(nothing).batchSize).toBe('recipe');
    expect(resolveOptions({ ...nothing, file: values }).batchSize).toBe(30);
    expect(resolveOptions({ ...nothing, file: values, environment }).batchSize).toBe(20);
    expect(resolveOptions({ flags: { batchSize: '10' }, file: values, environment }).batchSize).toBe(10);
  });

  test('the variables of a Kubernetes job change what they name; an empty one is not set', () => {
    const environment = { BATCH_SIZE: '50', NUM_EPOCHS: '30', SEED: '', ENGINE: 'wasm' };
    expect(resolveOptions({ ...nothing, environment })).toMatchObject({
      batchSize: 50,
      epochs: 30,
      seed: 1,
      engine: 'wasm',
    });
  });

  test.each([
    [{ flags: { epochs: 'many' } }, /--epochs: expected a whole number.*"many"/],
    [{ environment: { BATCH_SIZE: '0' } }, /variable BATCH_SIZE/],
    [{ file: file({ seed: 1.5 }) }, /"seed" in run\.config\.json/],
    [{ file: file({ sede: 1 }) }, /no option "sede"/],
    [{ flags: { recipe: 'magic' } }, /--recipe: expected one of head-only/],
    [{ flags: { split: '90-20-0' } }, /--split: expected three shares that add up to 100/],
  ])('%j is refused by the place it came from', (given, message) => {
    expect(() => resolveOptions({ ...nothing, ...given })).toThrow(message);
  });

  test('no two options share a variable or a flag', () => {
    const all = Object.values(OPTIONS);
    expect(new Set(all.map((o) => o.env)).size).toBe(all.length);
    expect(new Set(all.map((o) => o.flag.split(' ')[0])).size).toBe(all.length);
  });

  test('commander derives from each flag the name under which the option is known', () => {
    const camel = (flag: string): string => flag.slice(2).replace(/-(.)/g, (_, c: string) => c.toUpperCase());
    for (const [name, option] of Object.entries(OPTIONS))
      expect(camel(option.flag.split(' ')[0]!)).toBe(name);
  });

  test('the defaults are those of the rooms that do the work', () => {
    const [head] = settlePhases(resolveOptions(nothing));
    expect(head).toMatchObject(HEAD_DEFAULTS);
    expect(dataSetOptions(resolveOptions(nothing))).toEqual(DEFAULT_DATA_SET_OPTIONS);
  });

  test('P2-05: a throw-away run takes classes with 35 photos, or with fewer where that was asked for', () => {
    expect(dataSetOptions(resolveOptions({ ...nothing, flags: { throwAway: true } })).minimum).toBe(35);
    expect(
      dataSetOptions(resolveOptions({ ...nothing, flags: { throwAway: true, minimum: 10 } })).minimum,
    ).toBe(10);
  });
});
