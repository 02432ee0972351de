import { describe, expect, test } from 'vitest';

import { DEFAULT_AUGMENTATION, NO_AUGMENTATION, STRONG_AUGMENTATION } from '#shared/schema/augment.ts';
import { labelKey } from '#shared/schema/names.ts';
import { subClass } from '#shared/testing/library.ts';

import { augmentationOf } from './augmentations.ts';
import { classesWithFlop } from './no-flop.ts';
import { OptionError } from './option-kinds.ts';
import { resolveOptions } from './options.ts';

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
