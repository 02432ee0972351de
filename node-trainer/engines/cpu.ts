import * as tf from '@tensorflow/tfjs-core';

import type { Starter } from './names.ts';

/** Plain JavaScript: slow, and always there. */
export const cpu: Starter = {
  name: 'cpu',
  limit: 10_000,
  start: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    return 'plain JavaScript, one thread';
  },
};
