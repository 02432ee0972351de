import { flushSync } from 'svelte';
import { expect, test, vi } from 'vitest';

import { OwnedUrl } from './owned-url.svelte.ts';

test('a picture that comes late is never shown beside what is wanted by then, and is given back', async () => {
  const revoked = vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
  const owned = new OwnedUrl();
  const first = Promise.withResolvers<string | null>();
  const second = Promise.withResolvers<string | null>();
  const leaveFirst = owned.show(first.promise);
  leaveFirst();
  const leaveSecond = owned.show(second.promise);
  second.resolve('blob:second');
  await second.promise;
  first.resolve('blob:first');
  await first.promise;
  flushSync();
  expect(owned.url).toBe('blob:second');
  expect(revoked.mock.calls).toEqual([['blob:first']]);
  leaveSecond();
  expect(revoked).toHaveBeenLastCalledWith('blob:second');
  revoked.mockRestore();
});

test('where there is none, or it fails, words say so', async () => {
  const owned = new OwnedUrl();
  owned.show(Promise.resolve(null), 'nothing to see');
  await vi.waitFor(() => {
    expect(owned.problem).toBe('nothing to see');
  });
  owned.show(Promise.reject(new Error('gone')));
  await vi.waitFor(() => {
    expect(owned.problem).toBe('gone');
  });
  expect(owned.url).toBeNull();
});
