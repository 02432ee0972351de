/** The words of a failure for people. State classes reject with messages that are meant to be shown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
