import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { choiceOf, flagsOf, presetOf } from '#shared/image/augment-settings.ts';
import {
  type AugmentOptions,
  DEFAULT_AUGMENTATION,
  MOST,
  NO_AUGMENTATION,
  STRENGTHS,
  STRONG_AUGMENTATION,
} from '#shared/schema/augment.ts';
import { labelKey } from '#shared/schema/names.ts';
import { subClass } from '#shared/testing/library.ts';

import { augmentationOf } from './augmentations.ts';
import { classesWithFlop } from './no-flop.ts';
import { OptionError } from './option-kinds.ts';
import { resolveOptions } from './options.ts';

fc.configureGlobal({ seed: 20_260_107 });

const settle = (flags: Record<string, unknown>, environment: Record<string, string> = {}) =>
  augmentationOf(resolveOptions({ flags, environment, file: null }));

describe('how photos are varied (P4-11 … P4-13, F-16)', () => {
  test('a preset, unless a single setting says otherwise', () => {
    expect(settle({})).toEqual(DEFAULT_AUGMENTATION);
    expect(settle({ augment: 'strong' })).toEqual(STRONG_AUGMENTATION);
    expect(settle({ rotate: '3', noise: '0.05' })).toEqual({
      ...DEFAULT_AUGMENTATION,
      rotate: 3,
      noise: 0.05,
    });
    expect(settle({}, { AUGMENT: 'none', AUGMENT_ZOOM_IN: '0.4' })).toEqual({
      ...NO_AUGMENTATION,
      zoomIn: 0.4,
    });
  });

  test('none at all is none, not a pass without effect', () => {
    expect(settle({ augment: 'none' })).toBeNull();
    expect(settle({ augment: 'none', rotate: 0 })).toBeNull();
  });

  test.each([
    [{ rotate: 46 }, /--rotate: expected a number from 0 to 45/],
    [{ zoomOut: '0.9' }, /--zoom-out/],
    [{ augment: 'wild' }, /--augment: expected one of default, none, strong/],
  ])('%j is refused', (flags, message) => {
    expect(() => settle(flags)).toThrow(message);
  });
});

describe('options chosen in the app (P4-11 … P4-13)', () => {
  const anyOptions: fc.Arbitrary<AugmentOptions> = fc
    .record({
      from: fc.constantFrom(DEFAULT_AUGMENTATION, STRONG_AUGMENTATION, NO_AUGMENTATION),
      flop: fc.boolean(),
      own: fc.dictionary(fc.constantFrom(...STRENGTHS), fc.integer({ min: 0, max: 50 })),
    })
    .map(({ from, flop, own }) => {
      const strengths = Object.entries(own).map(([name, part]) => [
        name,
        (part / 50) * MOST[name as keyof typeof MOST],
      ]);
      return { ...from, flop, ...(Object.fromEntries(strengths) as Partial<AugmentOptions>) };
    });

  test('come back exactly from the settings that are copied for the trainer, as flags and as a file', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const words = flagsOf(options).split(' ');
        const flags: Record<string, string> = {};
        for (let i = 0; i < words.length; i += 2) {
          const name = words[i]!.slice(2).replace(/-(.)/g, (_, c: string) => c.toUpperCase());
          flags[name] = words[i + 1]!;
        }
        expect(settle(flags) ?? NO_AUGMENTATION).toEqual(options);
        const values = JSON.parse(JSON.stringify(choiceOf(options))) as Record<string, unknown>;
        const file = { name: 'run.json', values };
        expect(
          augmentationOf(resolveOptions({ flags: {}, environment: {}, file })) ?? NO_AUGMENTATION,
        ).toEqual(options);
      }),
    );
  });

  test('are told by the nearest name', () => {
    expect(flagsOf(DEFAULT_AUGMENTATION)).toBe('--augment default');
    expect(flagsOf({ ...STRONG_AUGMENTATION, zoomOut: 0.1 })).toBe('--augment strong --zoom-out 0.1');
    expect(flagsOf({ ...NO_AUGMENTATION, rotate: 5 })).toBe('--augment none --rotate 5');
    expect([presetOf(STRONG_AUGMENTATION), presetOf({ ...STRONG_AUGMENTATION, noise: 0 })]).toEqual([
      'strong',
      null,
    ]);
  });
});

describe('classes without flop (design §2.7)', () => {
  const subClasses = [subClass('Lion'), subClass('Dromedary'), { ...subClass('Sign'), flop: false }];
  const classes = [
    { id: labelKey('lion'), subClasses: [labelKey('lion')] },
    { id: labelKey('camel'), subClasses: [labelKey('dromedary')] },
    { id: labelKey('sign'), subClasses: [labelKey('sign')] },
  ];
  const withFlop = (noFlop: string) => [...classesWithFlop(classes, subClasses, noFlop)];

  test('are those of the library, and those named, as people spell them', () => {
    expect(withFlop('')).toEqual(['lion', 'camel']);
    expect(withFlop(' LION , ')).toEqual(['camel']);
    expect(withFlop('dromedary,lion')).toEqual([]);
  });

  test('a name that is neither class nor sub-class is an error that lists what there is', () => {
    expect(() => withFlop('lion, tapir')).toThrow(OptionError);
    expect(() => withFlop('tapir')).toThrow(/"tapir"\. There are: lion, camel, sign, dromedary/);
  });
});
