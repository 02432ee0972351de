/** Engines from the most wanted to the one that always works. */
export const ENGINE_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** An engine cannot be used here. `mend` is what a person can do about it; empty when nothing can be done. */
export class EngineUnusable extends Error {
  override readonly name = 'EngineUnusable';
  readonly engine: string;
  readonly mend: string;
  constructor(engine: string, reason: string, mend = '') {
    super(reason);
    this.engine = engine;
    this.mend = mend;
  }
}

/** How one engine is started. */
export interface Starter {
  readonly name: EngineName;
  /** Longest time a start may take, in milliseconds. */
  readonly limit: number;
  /**
   * Makes it the engine of TensorFlow.js.
   * @param asked a person named this engine: use it even where it is slow by nature
   * @returns device or version, for people
   * @throws EngineUnusable
   */
  readonly start: (asked: boolean) => Promise<string>;
}

/** First line of whatever was thrown: native errors carry pages of advice. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').find((line) => line.trim() !== '') ?? 'no reason given';
}
