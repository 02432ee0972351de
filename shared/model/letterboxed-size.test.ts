import { expect, test } from 'vitest';

import { letterboxedSize } from './transfer.ts';

test.each([
  ['MobileNet on canonical images of 299 px', 224, 299, 288],
  ['a smaller one', 160, 299, 192],
  ['Inception V4: the canonical image has no more to show', 299, 299, 299],
  ['EfficientNet B7: never smaller than it was trained at', 600, 299, 600],
  ['a library of larger canonical images', 299, 512, 384],
])(
  'P1-14, P4-02, F-15: letterboxed animals keep the size the network knows: %s',
  (_, trained, canonical, size) => {
    expect(letterboxedSize(trained, canonical)).toBe(size);
  },
);
