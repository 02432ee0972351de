import { ENGINES, type EngineName } from '../workers/engine-names.ts';

/** `?engine=wasm` in the address forces an engine: for tests and for finding faults. */
export function forcedEngine(): EngineName | null {
  const wish = new URLSearchParams(location.search).get('engine');
  return ENGINES.find((name) => name === wish) ?? null;
}
