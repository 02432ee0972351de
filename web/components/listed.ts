/** Photos in the order in which they are shown: an array, or anything that looks them up as they are needed. */
export interface Listed<T extends { readonly id: string } = { readonly id: string }> {
  readonly length: number;
  readonly at: (index: number) => T | undefined;
}

/** A plain set of ids: a reactive one would make a hundred thousand things to watch. */
export function noIds(): Set<string> {
  return new Set();
}
