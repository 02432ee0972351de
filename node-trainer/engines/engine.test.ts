import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

import { startEngine } from './engine.ts';
import { ENGINE_NAMES, reasonOf } from './names.ts';
import { probe } from './probe.ts';
import { NATIVE } from './tensorflow.ts';
import { isSoftware } from './webgpu.ts';

describe('starting an engine', () => {
  test.each(['wasm', 'cpu'] as const)('%s always works, and is the one in use afterwards', async (name) => {
    const engine = await startEngine(name);
    expect(engine).toMatchObject({ name, skipped: [] });
    expect(tf.getBackend()).toBe(name);
  });

  test('the order is tensorflow, webgpu, wasm, cpu; auto says why it skipped what it skipped', async () => {
    const { name, skipped } = await startEngine('auto');
    expect(skipped.map((s) => s.engine)).toEqual(ENGINE_NAMES.slice(0, ENGINE_NAMES.indexOf(name)));
    for (const { reason } of skipped) expect(reason).not.toBe('');
  });

  test('an unknown name is refused with the known ones', async () => {
    await expect(startEngine('cuda')).rejects.toThrow(
      /no engine "cuda".*auto, tensorflow, webgpu, wasm, cpu/,
    );
  });

  const native = existsSync(join(NATIVE, 'done.json'));
  test.skipIf(!native)('tensorflow computes where `npm run native` was run (skipped elsewhere)', async () => {
    const { detail } = await startEngine('tensorflow');
    expect(detail).toMatch(/^TensorFlow \d+\.\d+/);
  });
});

describe('the probe', () => {
  test('accepts a right answer and leaves no tensor behind', async () => {
    await startEngine('cpu');
    const before = tf.memory().numTensors;
    expect(await probe()).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('sees an engine that starts but computes nonsense', async () => {
    await startEngine('cpu');
    const right = tf.getKernel('Relu', 'cpu');
    const zeros: typeof right.kernelFunc = ({ inputs }) => tf.zerosLike(inputs.x as tf.Tensor);
    tf.unregisterKernel('Relu', 'cpu');
    tf.registerKernel({ ...right, kernelFunc: zeros });
    try {
      expect(await probe()).toBe('it computed 0, 0, 0, 0 instead of 178, 262, 298, 442');
    } finally {
      tf.unregisterKernel('Relu', 'cpu');
      tf.registerKernel(right);
    }
  });
});

describe('a software graphics device', () => {
  const info = (description: string, isFallbackAdapter = false): GPUAdapterInfo =>
    ({ vendor: '', architecture: '', device: '', description, isFallbackAdapter }) as GPUAdapterInfo;

  test.each([
    'SwiftShader driver 5.0.0',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
    'Microsoft Basic Render Driver',
  ])('%s is told from a card', (name) => {
    expect(isSoftware(info(name))).toBe(true);
  });

  test('a card is a card, unless the system itself calls it a fallback', () => {
    expect(isSoftware(info('NVIDIA H100'))).toBe(false);
    expect(isSoftware(info('some driver', true))).toBe(true);
  });

  const chromium = '/usr/lib/chromium';
  const hasSwiftShader =
    existsSync(`${chromium}/vk_swiftshader_icd.json`) && existsSync(`${chromium}/libvulkan.so.1`);
  test.skipIf(!hasSwiftShader)(
    "is used when it is asked for, never by itself (skipped without Chromium's)",
    () => {
      // The loader reads these when a process starts, and Dawn keeps a process alive: so one of its own.
      const env = {
        ...process.env,
        LD_LIBRARY_PATH: chromium,
        VK_ICD_FILENAMES: `${chromium}/vk_swiftshader_icd.json`,
      };
      const code = `const { startEngine } = await import('${resolve(import.meta.dirname, 'engine.ts')}');
      const asked = await startEngine('webgpu');
      const auto = await startEngine('auto');
      console.log(JSON.stringify([asked.name, asked.detail, auto.name])); process.exit(0);`;
      const args = ['--import', 'tsx/esm', '--input-type=module', '-e', code];
      const [asked, detail, auto] = JSON.parse(
        spawnSync(process.execPath, args, { env, encoding: 'utf8' }).stdout,
      ) as string[];
      expect(asked).toBe('webgpu');
      expect(detail).toMatch(/SwiftShader/);
      expect(auto).not.toBe('webgpu');
    },
  );
});

test('native errors carry pages of advice: only the first line is shown', () => {
  expect(reasonOf(new Error('\nno such library\nTry to …'))).toBe('no such library');
});
