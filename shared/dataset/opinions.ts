import type { Label, Opinion, Photo } from '../schema/photo.ts';

/** How far people agree on what a photo shows (P1-40, P1-41). */
export type Standing =
  /** Nobody has said. */
  | 'unlabelled'
  /** One person has: it waits for a second opinion. */
  | 'single'
  /** Two or more say the same, and more than say anything else. */
  | 'agreed'
  /** Opinions differ, and the label in force has no majority of two or more. */
  | 'disputed';

/** The photo after a person said what it shows: their earlier opinion gives way, the newest one is in force. */
export function withOpinion(photo: Photo, opinion: Opinion): Photo {
  const opinions = mergeOpinions(photo.opinions, [opinion]);
  return { ...photo, opinions, label: labelInForce(opinions) };
}

/**
 * Everybody's newest opinion out of two lists. In whatever order and however often lists are merged, the outcome is the
 * same.
 */
export function mergeOpinions(a: readonly Opinion[], b: readonly Opinion[]): Opinion[] {
  const newest = new Map<string, Opinion>();
  for (const opinion of [...a, ...b]) {
    const other = newest.get(opinion.by);
    if (!other || isLater(opinion, other)) newest.set(opinion.by, opinion);
  }
  return [...newest.values()].sort((x, y) => (isLater(x, y) ? 1 : -1));
}

/** The newest opinion as a label; null where nobody has one, or the newest took the label off. */
export function labelInForce(opinions: readonly Opinion[]): Label | null {
  const newest = opinions.reduce<Opinion | null>((best, o) => (best && !isLater(o, best) ? best : o), null);
  return newest?.label ? { ...newest.label, by: newest.by, at: newest.at } : null;
}

/** See `Standing`. */
export function standingOf({ label, opinions }: Pick<Photo, 'label' | 'opinions'>): Standing {
  if (!label) return 'unlabelled';
  const held = opinions.filter((o) => o.label !== null);
  if (held.length <= 1) return 'single';
  const votes = new Map<string, number>();
  for (const opinion of held) votes.set(keyOf(opinion), (votes.get(keyOf(opinion)) ?? 0) + 1);
  const own = votes.get(`${label.kind} ${label.id}`) ?? 0;
  const others = Math.max(
    0,
    ...[...votes].filter(([key]) => key !== `${label.kind} ${label.id}`).map(([, n]) => n),
  );
  return own >= 2 && own > others ? 'agreed' : 'disputed';
}

/** Whether this person has yet to look at a label that somebody else gave. */
export function awaits(photo: Pick<Photo, 'label' | 'opinions'>, person: string): boolean {
  const standing = standingOf(photo);
  if (standing !== 'single' && standing !== 'disputed') return false;
  return standing === 'disputed' || photo.opinions.every((o) => o.by !== person || o.label === null);
}

/** Two people's opinions on the photos that both have judged. */
export interface Agreement {
  readonly people: readonly [string, string];
  readonly photos: number;
  readonly same: number;
  /**
   * Agreement beyond chance, at most 1, 0 for chance alone, below 0 for less than that; null where both gave one and the
   * same label only, so that chance explains everything. J. Cohen (1960), "A coefficient of agreement for nominal
   * scales", Educational and Psychological Measurement 20(1), 37–46.
   */
  readonly kappa: number | null;
}

/** Below this many photos in common, shares and kappa swing with every single photo. */
export const FEW_IN_COMMON = 30;

/** Agreement of every pair of people, those with most photos in common first. */
export function agreements(photos: readonly Pick<Photo, 'opinions'>[]): Agreement[] {
  const pairs = new Map<string, { people: [string, string]; labels: [string, string][] }>();
  for (const { opinions } of photos) {
    if (opinions.length < 2) continue;
    const held = opinions.filter((o) => o.label !== null).sort((a, b) => (a.by < b.by ? -1 : 1));
    held.forEach((first, i) => {
      for (const second of held.slice(i + 1)) {
        const key = JSON.stringify([first.by, second.by]);
        const pair = pairs.get(key) ?? { people: [first.by, second.by], labels: [] };
        pair.labels.push([keyOf(first), keyOf(second)]);
        pairs.set(key, pair);
      }
    });
  }
  return [...pairs.values()].map(agreementOf).sort((a, b) => b.photos - a.photos);
}

/** How often one person agrees with the others. */
export interface PersonAgreement {
  readonly by: string;
  /** Photos they have labelled. */
  readonly labelled: number;
  /** Their label set against each other person's on the same photo. */
  readonly compared: number;
  readonly same: number;
}

/** Everybody who has labelled, most photos first. */
export function agreementsByPerson(photos: readonly Pick<Photo, 'opinions'>[]): PersonAgreement[] {
  const people = new Map<string, { labelled: number; compared: number; same: number }>();
  for (const { opinions } of photos) {
    const held = opinions.filter((o) => o.label !== null);
    for (const own of held) {
      const person = people.get(own.by) ?? { labelled: 0, compared: 0, same: 0 };
      people.set(own.by, person);
      person.labelled += 1;
      person.compared += held.length - 1;
      person.same += held.filter((o) => o !== own && keyOf(o) === keyOf(own)).length;
    }
  }
  return [...people]
    .map(([by, counts]) => ({ by, ...counts }))
    .sort((a, b) => b.labelled - a.labelled || (a.by < b.by ? -1 : 1));
}

type OpinionLabel = NonNullable<Opinion['label']>;

/** Two labels that people give to the same photos. */
export interface DisputedLabels {
  readonly labels: readonly [OpinionLabel, OpinionLabel];
  /** Photos on which somebody said one and somebody else the other. */
  readonly photos: number;
}

/** Which labels people take for each other, most often first. */
export function disputedLabels(photos: readonly Pick<Photo, 'opinions'>[]): DisputedLabels[] {
  const pairs = new Map<string, { labels: [OpinionLabel, OpinionLabel]; photos: number }>();
  for (const { opinions } of photos) {
    if (opinions.length < 2) continue;
    const said = new Map(opinions.flatMap((o) => (o.label ? [[keyOf(o), o.label] as const] : [])));
    const labels = [...said].sort(([a], [b]) => (a < b ? -1 : 1));
    labels.forEach(([a, first], i) => {
      for (const [b, second] of labels.slice(i + 1)) {
        const key = JSON.stringify([a, b]);
        const pair = pairs.get(key) ?? { labels: [first, second], photos: 0 };
        pair.photos += 1;
        pairs.set(key, pair);
      }
    });
  }
  return [...pairs.values()].sort((a, b) => b.photos - a.photos);
}

function agreementOf({
  people,
  labels,
}: {
  readonly people: [string, string];
  readonly labels: readonly [string, string][];
}): Agreement {
  const same = labels.filter(([a, b]) => a === b).length;
  const count = (side: 0 | 1): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const pair of labels) counts.set(pair[side], (counts.get(pair[side]) ?? 0) + 1);
    return counts;
  };
  const second = count(1);
  let chance = 0;
  for (const [label, n] of count(0)) chance += (n * (second.get(label) ?? 0)) / labels.length ** 2;
  const kappa = chance === 1 ? null : (same / labels.length - chance) / (1 - chance);
  return { people, photos: labels.length, same, kappa };
}

function keyOf({ label }: Opinion): string {
  return label ? `${label.kind} ${label.id}` : '';
}

/** A total order: by time, and where clocks agree by person and label, so that everybody picks the same one. */
function isLater(a: Opinion, b: Opinion): boolean {
  const order = (o: Opinion): string => JSON.stringify([o.at, o.by, keyOf(o)]);
  return order(a) > order(b);
}
