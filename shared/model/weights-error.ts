/** Weights from outside can't be used. The message names the file or layer and what was wrong with it. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
  /** File or weight, e.g. `block_3_expand/kernel`. */
  readonly culprit: string;
  readonly detail: string;
  constructor(culprit: string, detail: string) {
    super(`${culprit}: ${detail}`);
    this.culprit = culprit;
    this.detail = detail;
  }
}
