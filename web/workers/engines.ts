/** Starting the engines of a browser. Each is loaded only when it is tried. */
import { env } from '@tensorflow/tfjs-core';
import wasmBinary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

import type { EngineName } from './engine-names.ts';

/** Loads an engine's code, which registers it with TensorFlow.js. */
export async function loadEngine(name: EngineName): Promise<void> {
  switch (name) {
    case 'webgpu':
      await import('@tensorflow/tfjs-backend-webgpu');
      return;
    case 'webgl':
      await import('@tensorflow/tfjs-backend-webgl');
      return;
    case 'wasm':
      return loadWasm();
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
  }
}

/** Threads hang for ever under some headers and gain nothing here: the single-thread SIMD binary, by its name. */
async function loadWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmBinary,
    'tfjs-backend-wasm-simd.wasm': wasmBinary,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmBinary,
  });
}

/** Why this device has no use for an engine; null when it may be tried. Software stand-ins for a GPU are useless. */
export async function unsuitable(name: EngineName): Promise<string | null> {
  if (name === 'webgpu') return unsuitableWebGpu();
  if (name === 'webgl') return unsuitableWebGl();
  return null;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render|warp/i;

async function unsuitableWebGpu(): Promise<string | null> {
  // Absent in many browsers, whatever the types say.
  const gpu = (navigator as { readonly gpu?: GPU }).gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return 'no adapter';
  const { architecture, description, device, vendor, isFallbackAdapter } = adapter.info;
  const software = isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${device} ${description}`);
  return software ? 'software adapter' : null;
}

function unsuitableWebGl(): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return 'no WebGL 2';
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(renderer) ? 'software renderer' : null;
}
