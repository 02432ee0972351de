import type { CardGate } from '#shared/schema/gate.ts';

/** The model store can't do what was asked. The message says what, and what to do next; nothing was changed. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A rule of publishing said no. Nothing was changed. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
  /** What the release gate said; null where another rule did. */
  readonly gate: CardGate | null;
  constructor(message: string, gate: CardGate | null) {
    super(message);
    this.gate = gate;
  }
}

/** A file of a version is not what its card says. The message names the file. */
export class VersionDamaged extends Error {
  override readonly name = 'VersionDamaged';
}
