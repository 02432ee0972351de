import { expect, test } from 'vitest';

import { together } from './together.ts';

test('what is asked for in one go is read together, each getting its own answer', async () => {
  const calls: (readonly string[])[] = [];
  const read = together((keys) => {
    calls.push(keys);
    return Promise.resolve(keys.map((key) => key.toUpperCase()));
  });
  expect(await Promise.all([read('a'), read('b'), read('a')])).toEqual(['A', 'B', 'A']);
  expect(await read('c')).toBe('C');
  expect(calls).toEqual([['a', 'b', 'a'], ['c']]);
});

test('a reading that fails is told to everybody who waits for it, and to nobody else', async () => {
  let fails = true;
  const read = together((keys) => (fails ? Promise.reject(new Error('gone')) : Promise.resolve(keys)));
  const both = await Promise.allSettled([read('a'), read('b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await read('a')).toBe('a');
});
