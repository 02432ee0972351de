import { describe, expect, test } from 'vitest';

import { labelKey } from '../schema/names.ts';
import { mergeRule, subClass } from '../testing/library.ts';
import { resolveClasses } from './classes.ts';

const zoo = ['Bonobo', 'Chimp', 'Äffchen', 'Zebra'].map(subClass);

describe('classes', () => {
  test('a sub-class that no rule names is its own class; sorted by id without a locale', () => {
    expect(resolveClasses(zoo, []).classes.map((c) => c.id)).toEqual(['bonobo', 'chimp', 'zebra', 'äffchen']);
  });

  test('a rule makes one class of several, without rewriting labels (P1-52, P2-36, P2-42)', () => {
    const { classes, classOf } = resolveClasses(zoo, [mergeRule('Chimp-Bonobo', 'chimp', 'bonobo')]);
    expect(classes[0]).toEqual({
      id: 'chimp-bonobo',
      name: 'Chimp-Bonobo',
      subClasses: ['bonobo', 'chimp'],
      note: '',
    });
    expect(classOf(labelKey('chimp'))).toBe('chimp-bonobo');
    expect(classOf(labelKey('zebra'))).toBe('zebra');
    expect(classOf(labelKey('dodo'))).toBeUndefined();
  });

  test('a rule may have the name of a sub-class it merges', () => {
    const { classes } = resolveClasses(zoo, [mergeRule('Chimp', 'chimp', 'bonobo')]);
    expect(classes.map((c) => c.id)).toEqual(['chimp', 'zebra', 'äffchen']);
  });

  test('labels that look like parts of JavaScript are just labels', () => {
    const { classOf } = resolveClasses([subClass('__proto__'), subClass('constructor')], []);
    expect(classOf(labelKey('constructor'))).toBe('constructor');
    expect(classOf(labelKey('toString'))).toBeUndefined();
  });

  test.each([
    [
      'a sub-class in two rules',
      [mergeRule('Apes', 'chimp'), mergeRule('Others', 'zebra', 'chimp')],
      '"chimp" is merged twice: by "apes" and by "others"',
    ],
    [
      'an unknown sub-class',
      [mergeRule('Apes', 'chimp', 'gorilla')],
      'the merge rule "apes" names "gorilla", which is no sub-class of this library',
    ],
    [
      'a rule with the name of another sub-class',
      [mergeRule('Zebra', 'chimp')],
      'the merge rule "zebra" has the name of another class',
    ],
    [
      'two rules of one name',
      [mergeRule('Apes', 'chimp'), mergeRule('Apes', 'bonobo')],
      'the merge rule "apes" has the name of another class',
    ],
  ])('%s is refused', (_, rules, message) => {
    expect(() => resolveClasses(zoo, rules)).toThrow(message);
  });
});
