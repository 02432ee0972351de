import { expect, test } from 'vitest';

import { createRandom } from '#shared/dataset/random.ts';
import type { Looked, LookWish } from '../workers/look-many.ts';
import type { Crew, Seer } from './crew.ts';
import { lookThrough, type Answer } from './look-through.ts';

const WISH: LookWish = { size: 299, features: false, file: true };
const SEER: Seer = { network: 'a'.repeat(64), weights: new ArrayBuffer(0), file: {} as Seer['file'] };

interface Thing {
  readonly id: string;
}

const things = (count: number): Thing[] =>
  Array.from({ length: count }, (_, i) => ({ id: `thing ${String(i)}` }));

/** What only this picture's answer says. */
const scoreOf = (key: string): number => (Number(key.split(' ')[1]) + 1) / 1000;

/** Several workers whose answers come late, in any order, and shuffled within a batch. */
function shufflingCrew(seed: number, lanes: number): Crew & { readonly most: () => number } {
  const random = createRandom(seed);
  let [underWay, most] = [0, 0];
  return {
    most: () => most,
    ready: () => Promise.resolve({ lanes, batch: 3 }),
    look: async (_, pictures) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turns = random.int(40); turns > 0; turns--) await Promise.resolve();
      underWay -= 1;
      return random.shuffle(pictures).map(({ key }): Looked => {
        const top = [{ output: 0, score: scoreOf(key) }];
        return { kind: 'seen', key, top, features: null, file: null };
      });
    },
  };
}

function sourceOf(list: readonly Thing[], store: (answers: readonly Answer<Thing>[]) => Promise<void>) {
  let at = 0;
  return {
    next: (most: number) => list.slice(at, (at += most)),
    keyOf: ({ id }: Thing) => id,
    pictures: (items: readonly Thing[]) =>
      Promise.resolve(items.map(({ id }) => ({ key: id, bytes: new ArrayBuffer(0) }))),
    store,
  };
}

test('no answer is ever shown beside another photo, whatever order answers come in (P4-16)', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const stored = new Map<string, number>();
    const store = (answers: readonly Answer<Thing>[]): Promise<void> => {
      for (const { item, looked } of answers) {
        expect(stored.has(item.id)).toBe(false);
        stored.set(item.id, looked?.kind === 'seen' ? (looked.top[0]?.score ?? -1) : -1);
      }
      return Promise.resolve();
    };
    const crew = shufflingCrew(seed, 6);
    await lookThrough(crew, SEER, WISH, sourceOf(things(100), store), new AbortController().signal);
    expect(crew.most()).toBe(6);
    expect([...stored].sort()).toEqual(
      things(100)
        .map(({ id }): [string, number] => [id, scoreOf(id)])
        .sort(),
    );
  }
});

test('a stop asks nothing more, and keeps what was under way', async () => {
  const controller = new AbortController();
  const stored: string[] = [];
  const store = (answers: readonly Answer<Thing>[]): Promise<void> => {
    stored.push(...answers.map(({ item }) => item.id));
    controller.abort();
    return Promise.resolve();
  };
  const work = lookThrough(shufflingCrew(1, 4), SEER, WISH, sourceOf(things(100), store), controller.signal);
  await expect(work).rejects.toThrow(/abort/i);
  expect(stored).toHaveLength(12);
});

test('what fails to be stored ends the work with its own reason, and nothing else is begun', async () => {
  let stored = 0;
  const store = (): Promise<void> => {
    stored += 1;
    return Promise.reject(new Error('no room'));
  };
  const work = lookThrough(
    shufflingCrew(1, 4),
    SEER,
    WISH,
    sourceOf(things(100), store),
    new AbortController().signal,
  );
  await expect(work).rejects.toThrow('no room');
  expect(stored).toBe(4);
});
