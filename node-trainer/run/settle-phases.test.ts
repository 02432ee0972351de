import { describe, expect, test } from 'vitest';

import { OPTIONS, resolveOptions } from './options.ts';
import { RECIPES } from './recipes.ts';
import { type SettledPhase, settlePhases } from './settle-phases.ts';

function phasesOf(flags: Readonly<Record<string, unknown>>): SettledPhase[] {
  return settlePhases(resolveOptions({ flags, environment: {}, file: null }));
}

describe('recipes as data', () => {
  test('P4-04: from-scratch trains all layers for up to 120 rounds and watches for a plateau', () => {
    expect(RECIPES['from-scratch'].base).toBe('random');
    expect(phasesOf({ recipe: 'from-scratch' })).toMatchObject([
      { trains: 'all', epochs: 120, schedule: { kind: 'plateau' }, norm: 'batch' },
    ]);
  });

  test('P4-06, P4-08, P4-09: warm-start goes on from the newest version, all weights trainable, 20 rounds', () => {
    expect(RECIPES['warm-start'].base).toBe('newest');
    expect(phasesOf({ recipe: 'warm-start' })).toMatchObject([{ trains: 'all', epochs: 20, norm: 'fixed' }]);
  });

  test('E-03, E-04, E-07: two-stage trains a head, then the final blocks at a lower rate', () => {
    const [head, blocks] = phasesOf({ recipe: 'two-stage' });
    expect([head?.trains, blocks?.trains]).toEqual(['head', 'final-blocks']);
    expect(blocks?.learningRate).toBeLessThan(head?.learningRate ?? 0);
  });

  test('fine-tune ends with all layers, one cycle and rates that fall towards the input', () => {
    const last = phasesOf({ recipe: 'fine-tune' }).at(-1);
    expect(last).toMatchObject({ trains: 'all', schedule: { kind: 'one-cycle' }, norm: 'fixed' });
    expect(last?.rates.lowest).toBeLessThan(1);
  });
});

describe('settings of a run', () => {
  test('say how the last phase goes, and of all phases what concerns all', () => {
    const flags = {
      recipe: 'two-stage',
      epochs: 3,
      learningRate: 0.5,
      patience: 2,
      batchSize: 7,
      findRate: true,
    };
    const [head, blocks] = phasesOf({ ...flags, dropout: 0.2, mixup: 0.4, classWeights: true });
    const usual = phasesOf({ recipe: 'two-stage' })[0];
    expect(head).toEqual({ ...usual, batchSize: 7, dropout: 0.2, mixup: 0.4, classWeights: true });
    expect(blocks).toMatchObject({ epochs: 3, learningRate: 0.5, patience: 2, batchSize: 7, findRate: true });
  });

  test('vary photos only in phases that see them, and not where they say so', () => {
    const [head, blocks] = phasesOf({ recipe: 'two-stage' });
    expect([head?.augmentation, blocks?.augmentation?.flop]).toEqual([null, true]);
    expect(phasesOf({ recipe: 'two-stage', augment: 'none' }).map((p) => p.augmentation)).toEqual([
      null,
      null,
    ]);
  });

  test('a setting may be left to the recipe by name', () => {
    expect(phasesOf({ epochs: 'recipe' })).toEqual(phasesOf({}));
    expect(OPTIONS.epochs.read('recipe')).toBe('recipe');
  });
});
