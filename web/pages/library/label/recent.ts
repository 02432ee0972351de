import type { Photo } from '#shared/schema/photo.ts';
import type { LabelChoice } from '../../../state/contract.ts';
import { keyOf } from '../labels.ts';

/** Labels with a quick key, by slot. Fingers learn where a label lies, so it keeps its slot while it is used. */
export interface Recent {
  readonly slots: readonly LabelChoice[];
  /** Keys of the slots' labels, last used first. */
  readonly used: readonly string[];
}

export const MOST_RECENT = 6;

/** After a label was given: a new one takes the next free slot, or that of the label not used for longest. */
export function withUse({ slots, used }: Recent, label: LabelChoice): Recent {
  const key = keyOf(label);
  const order = [key, ...used.filter((other) => other !== key)].slice(0, MOST_RECENT);
  const plain = { kind: label.kind, id: label.id };
  if (slots.some((slot) => keyOf(slot) === key)) return { slots, used: order };
  if (slots.length < MOST_RECENT) return { slots: [...slots, plain], used: order };
  return { slots: slots.map((slot) => (order.includes(keyOf(slot)) ? slot : plain)), used: order };
}

/** The sub-classes that were given last, as the library tells. */
export function recentOf(photos: readonly Photo[]): Recent {
  const newest = new Map<string, { readonly label: LabelChoice; readonly at: string }>();
  for (const { label } of photos) {
    if (label?.kind !== 'sub-class') continue;
    if ((newest.get(label.id)?.at ?? '') < label.at) newest.set(label.id, { label, at: label.at });
  }
  const last = [...newest.values()].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MOST_RECENT);
  return last.reduceRight<Recent>((recent, { label }) => withUse(recent, label), { slots: [], used: [] });
}
