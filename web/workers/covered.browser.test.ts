import { backend } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

import { uncovered } from '#shared/model/covered-input.ts';
import { createInference } from './inference.ts';
import { probeNetwork } from './probe.ts';

const picture = { width: 16, height: 16, data: Uint8Array.from({ length: 768 }, (_, i) => (i * 7919) % 256) };
const HALF = { left: 0, top: 0, width: 0.5, height: 1 };

test('covers go through the network together and outlive the loss of the GPU', async () => {
  const inference = createInference('webgpu');
  await inference.load(probeNetwork());
  const { scores: plain } = await inference.predict(picture);
  const image = { ...uncovered(picture), covers: [[], [HALF], []] };
  for (let loss = 0; loss < 2; loss++) {
    const inFlight = inference.covered(image);
    (backend() as unknown as { device: GPUDevice }).device.destroy();
    const [first, half, last] = await inFlight;
    plain.forEach((score, i) => {
      expect(Math.abs(first![i]! - score)).toBeLessThan(1e-5);
      expect(Math.abs(last![i]! - score)).toBeLessThan(1e-5);
    });
    expect(half).not.toEqual(first);
  }
});
