import { expect, test } from 'vitest';

import type { Change } from '../storage/changes.ts';
import { createRefresh } from './refresh.ts';

/** Readings that end when they are told to. */
function readings(): { read: (change: Change) => Promise<void>; begun: Change[]; end: (() => void)[] } {
  const [begun, end] = [[] as Change[], [] as (() => void)[]];
  const read = (change: Change): Promise<void> => {
    begun.push(change);
    return new Promise((done) => end.push(done));
  };
  return { read, begun, end };
}

const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

test('one reading at a time; what is asked for meanwhile is read together by the next', async () => {
  const { read, begun, end } = readings();
  const refresh = createRefresh(read, Promise.resolve());
  const first = refresh({ photos: ['a'], parts: false });
  await turn();
  const [second, third] = [
    refresh({ photos: ['b', 'c'], parts: false }),
    refresh({ photos: ['c'], parts: true }),
  ];
  await turn();
  expect(begun).toEqual([{ photos: ['a'], parts: false }]);
  end[0]?.();
  await first;
  await turn();
  expect(begun[1]).toEqual({ photos: ['b', 'c'], parts: true });
  end[1]?.();
  await Promise.all([second, third]);
  expect(begun).toHaveLength(2);
});

test('what is heard of while the library opens is read once it is open', async () => {
  const { read, begun, end } = readings();
  let opened = (): void => undefined;
  const refresh = createRefresh(read, new Promise<void>((done) => (opened = done)));
  const heard = refresh({ photos: ['a'], parts: false });
  await turn();
  expect(begun).toEqual([]);
  opened();
  await turn();
  end[0]?.();
  await heard;
  expect(begun).toEqual([{ photos: ['a'], parts: false }]);
});

test('a reading that fails says so to whoever asked, and the next one goes on', async () => {
  let fails = true;
  const refresh = createRefresh(
    () => (fails ? Promise.reject(new Error('gone')) : Promise.resolve()),
    Promise.reject(new Error('did not open')),
  );
  await expect(refresh({ photos: [], parts: true })).rejects.toThrow('gone');
  fails = false;
  await refresh({ photos: [], parts: true });
});
