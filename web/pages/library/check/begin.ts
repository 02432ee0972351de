import type { CheckPass, CheckWish } from '../../../state/contract-check.ts';
import { MAX_PASS } from '../../../storage/check-pass.ts';
import { queueOf, type CheckOrder, type Stock } from './queue.ts';
import type { Judge } from './verdicts.ts';

/** A pass that begins now, its queue fixed; the first ones where there are too many. */
export function passOf(wish: CheckWish, order: CheckOrder, stock: Stock, judge: Judge): CheckPass {
  const items = queueOf(wish, order, stock).slice(0, MAX_PASS);
  return { v: 1, wish, ...judge, begunAt: new Date().toISOString(), items };
}
