import { tb } from '../../../messages/text-bulk.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Up to here minutes are what people reckon with, in seconds. */
const LONG = 1.5 * HOUR;

/** How long so many photos take, in words: nobody believes seconds. @param perSecond photos, above 0 */
export function timeWords(photos: number, perSecond: number): string {
  const seconds = photos / perSecond;
  if (seconds < MINUTE) return tb('time.seconds');
  if (seconds < LONG) return tb('time.minutes', { n: Math.round(seconds / MINUTE) });
  return tb('time.hours', { n: Math.round(seconds / HOUR) });
}

/** Photos a second, with as many places as say something. */
export function rateOf(perSecond: number): number {
  return Number(perSecond.toPrecision(2));
}
