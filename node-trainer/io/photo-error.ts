/** One photo can't be used, though the rest can. The message names its file. */
export class PhotoError extends Error {
  override readonly name = 'PhotoError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
