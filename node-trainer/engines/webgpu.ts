import * as tf from '@tensorflow/tfjs-core';

import { EngineUnusable, reasonOf, type Starter } from './names.ts';

interface Dawn {
  readonly create: (options: readonly string[]) => GPU;
  readonly globals: object;
}

/** A person may want it for tests; by itself it would be slower than wasm. */
const ALLOW_SOFTWARE = 'MENAGERIE_ALLOW_SOFTWARE_GPU';
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

/** Any graphics card with Vulkan, Metal or Direct3D 12, through Dawn. */
export const webgpu: Starter = {
  name: 'webgpu',
  limit: 30_000,
  start: async (asked) => {
    const gpu = await loadDawn();
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
    if (!adapter) {
      const mend = "install this machine's graphics driver (on Linux with Vulkan)";
      throw new EngineUnusable('webgpu', 'no graphics device was found', mend);
    }
    const device = nameOf(adapter.info);
    if (isSoftware(adapter.info) && !asked && process.env[ALLOW_SOFTWARE] !== '1') {
      const mend = 'name it with --engine webgpu to use it all the same';
      throw new EngineUnusable(
        'webgpu',
        `only a software device was found (${device}), slower than wasm`,
        mend,
      );
    }
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
    await import('@tensorflow/tfjs-backend-webgpu');
    if (!(await tf.setBackend('webgpu'))) throw new EngineUnusable('webgpu', `${device} does not start`);
    watch((tf.backend() as unknown as { device: GPUDevice }).device);
    return device;
  },
};

async function loadDawn(): Promise<GPU> {
  // A variable keeps the compiler from asking for an optional package.
  const name: string = 'webgpu';
  try {
    const dawn = (await import(/* @vite-ignore */ name)) as Dawn;
    Object.assign(globalThis, dawn.globals);
    return dawn.create([]);
  } catch (error) {
    const mend = 'npm install (the package "webgpu" is optional; it has no build for every system)';
    throw new EngineUnusable('webgpu', `Dawn cannot be loaded: ${reasonOf(error)}`, mend);
  }
}

/** Is the device only a program that plays a graphics card? */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.description}`);
}

function nameOf(info: GPUAdapterInfo): string {
  return (
    info.description ||
    info.device ||
    [info.vendor, info.architecture].filter(Boolean).join(' ') ||
    'graphics device'
  );
}

/** A tensor over the device's limit gives wrong numbers without an exception; only this event tells. */
function watch(device: GPUDevice): void {
  const stop = (what: string): void => {
    queueMicrotask(() => {
      throw new EngineUnusable(
        'webgpu',
        `the graphics device failed: ${what}`,
        'use a smaller batch or --engine wasm',
      );
    });
  };
  device.addEventListener('uncapturederror', (event) => {
    stop(event.error.message);
  });
  void device.lost.then((loss) => {
    if (loss.reason !== 'destroyed') stop(loss.message || 'it was lost');
  });
}
