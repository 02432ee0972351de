/** What an address at or below `/model` shows. */
export type Address =
  | { readonly kind: 'overview' }
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'compare'; readonly version: number; readonly other: number }
  | { readonly kind: 'files' }
  | { readonly kind: 'unknown' };

/** @param path with or without a slash at the end */
export function addressOf(path: string): Address {
  const rest = path.replace(/\/+$/, '').replace(/^\/model/, '');
  if (rest === '') return { kind: 'overview' };
  if (rest === '/files') return { kind: 'files' };
  const [, version, other] = /^\/(\d{1,9})(?:\/with\/(\d{1,9}))?$/.exec(rest) ?? [];
  if (version === undefined) return { kind: 'unknown' };
  if (other === undefined) return { kind: 'version', version: Number(version) };
  return { kind: 'compare', version: Number(version), other: Number(other) };
}
