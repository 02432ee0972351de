import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

import { parseJson, parseNdjson, toNdjson } from './json.ts';
import { defineRecord, RecordError } from './record.ts';

const pet = defineRecord('pet', 3, v.object({ v: v.literal(3), name: v.string(), legs: v.number() }), [
  { name: 'AddLegs', from: 1, up: (old) => ({ ...old, legs: 4 }) },
  {
    name: 'JoinNames',
    from: 2,
    up: ({ first, last, ...rest }) => {
      if (typeof first !== 'string' || typeof last !== 'string') throw new Error('no names to join');
      return { ...rest, name: `${first} ${last}` };
    },
  },
]);

const fault = (run: () => unknown): RecordError => {
  try {
    run();
  } catch (error) {
    if (error instanceof RecordError) return error;
  }
  throw new Error('expected a RecordError');
};

describe('a record', () => {
  test('of the current version is validated', () => {
    expect(pet.read({ v: 3, name: 'Zia', legs: 4 }, 'pet.json')).toEqual({ v: 3, name: 'Zia', legs: 4 });
  });

  test('of any older version walks all the named steps up', () => {
    expect(pet.read({ v: 1, first: 'Zia', last: 'Z' }, 'a')).toEqual({ v: 3, name: 'Zia Z', legs: 4 });
    expect(pet.read({ v: 2, first: 'Zia', last: 'Z', legs: 3 }, 'a')).toEqual({
      v: 3,
      name: 'Zia Z',
      legs: 3,
    });
  });

  test('of a newer version is refused by name, with what to do', () => {
    const error = fault(() => pet.read({ v: 9 }, 'pet.json'));
    expect(error.fault).toEqual({ kind: 'newer', found: 9, known: 3 });
    expect(error.message).toMatch(/^pet\.json: pet of version 9, .* up to 3\. Update Menagerie/);
  });

  test('that fails a step names the step', () => {
    expect(fault(() => pet.read({ v: 2 }, 'pet.json')).message).toContain('JoinNames');
  });

  test.each([null, 7, 'x', [], {}, { v: '3' }, { v: 3, name: 'Zia' }])(
    '%j is refused with the path inside',
    (bad) => {
      expect(fault(() => pet.read(bad, 'pet.json')).fault.kind).toBe('invalid');
    },
  );

  test('names the path of the first wrong value', () => {
    expect(fault(() => pet.read({ v: 3, name: 'Zia', legs: 'four' }, 'pets.ndjson line 2')).message).toMatch(
      /^pets\.ndjson line 2: not a valid pet: at legs: /,
    );
  });

  test('whose steps are out of order cannot be defined', () => {
    expect(() =>
      defineRecord('x', 2, v.object({}), [{ name: 'Late', from: 2, up: (o) => ({ ...o }) }]),
    ).toThrow('Late');
  });
});

describe('JSON from outside', () => {
  test.each(['__proto__', 'constructor', 'prototype'])(
    'a key %s is refused and nothing is polluted',
    (key) => {
      expect(() => parseJson(`{"a":{"${key}":{"polluted":1}}}`, 'library.json')).toThrow(
        /library\.json.*not allowed/,
      );
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  test('broken text names the file', () => {
    expect(() => parseJson('{', 'card.json')).toThrow(/^card\.json: broken JSON/);
  });

  test('one record a line, there and back; the line is named', () => {
    expect(parseNdjson(toNdjson([{ a: 1 }, 'ü']), 'x')).toEqual([{ a: 1 }, 'ü']);
    expect(() => parseNdjson('{}\n\n{', 'photos.ndjson')).toThrow('photos.ndjson line 3');
  });
});
