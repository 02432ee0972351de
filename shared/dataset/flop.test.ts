import { expect, test } from 'vitest';

import { labelKey } from '../schema/names.ts';
import { subClass } from '../testing/library.ts';
import { flopClasses } from './flop.ts';

const still = (name: string) => ({ ...subClass(name), flop: false });
const aClass = (name: string, ...subClasses: string[]) => ({
  id: labelKey(name),
  subClasses: (subClasses.length > 0 ? subClasses : [name]).map(labelKey),
});

test('a class is mirrored only if all its sub-classes may be (P4-11, design §2.7)', () => {
  const classes = [
    aClass('lion'),
    aClass('sign'),
    aClass('camel', 'dromedary', 'bactrian'),
    aClass('statue', 'bust', 'torso'),
  ];
  const subClasses = [
    ...['lion', 'dromedary', 'bactrian', 'torso'].map(subClass),
    still('sign'),
    still('bust'),
  ];
  expect([...flopClasses(classes, subClasses, new Set())]).toEqual(['lion', 'camel']);
});

test('a class can be named by itself or by a sub-class of it', () => {
  const classes = [aClass('lion'), aClass('camel', 'dromedary', 'bactrian'), aClass('tiger')];
  const subClasses = ['lion', 'dromedary', 'bactrian', 'tiger'].map(subClass);
  const off = (...names: string[]) => [...flopClasses(classes, subClasses, new Set(names.map(labelKey)))];
  expect(off()).toEqual(['lion', 'camel', 'tiger']);
  expect(off('Bactrian', 'Tiger')).toEqual(['lion']);
  expect(off('Camel')).toEqual(['lion', 'tiger']);
});
