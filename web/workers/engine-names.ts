/** The engines a browser may have, best first. */
export const ENGINES = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];
