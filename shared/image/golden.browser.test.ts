import { describe, expect, test } from 'vitest';

import { GOLDEN } from './testing/golden.ts';

describe('the same bytes as in Node (golden.test.ts)', () => {
  test.each(GOLDEN)('$name', ({ compute, expected }) => {
    expect(compute()).toBe(expected);
  });
});
