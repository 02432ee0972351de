/** A share that was counted, and between which limits the true one lies 95 times of 100. */
export interface ShareInterval {
  /** 0 … 1, as are the limits. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Of the normal distribution, two-sided 95 %. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval of a share (E. B. Wilson 1927, J. Am. Stat. Assoc. 22:209–212): unlike the usual ± it holds
 * for few photos and for shares near 0 and 1, and never leaves 0 … 1 (Brown, Cai, DasGupta 2001, Stat. Sci. 16:101–133).
 * @param hits 0 … `of`
 * @returns null where nothing was counted
 */
export function wilsonInterval(hits: number, of: number): ShareInterval | null {
  if (of === 0) return null;
  const share = hits / of;
  const shrink = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / shrink;
  const reach = (Z / shrink) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  // At none and all the limit is the share itself, whatever rounding makes of it.
  const low = hits === 0 ? 0 : middle - reach;
  const high = hits === of ? 1 : middle + reach;
  return { share, low, high };
}
