import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openCamera } from './camera.ts';

const asked: MediaTrackConstraints[] = [];

beforeEach(() => {
  localStorage.clear();
  asked.length = 0;
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation((wish) => {
    const video = wish?.video as MediaTrackConstraints;
    asked.push(video);
    const id = typeof video.deviceId === 'string' ? video.deviceId : 'back';
    const track = { getSettings: () => ({ deviceId: id }), addEventListener: vi.fn(), stop: vi.fn() };
    const stream = { getVideoTracks: () => [track], getTracks: () => [track] };
    return Promise.resolve(stream as unknown as MediaStream);
  });
  vi.spyOn(navigator.mediaDevices, 'enumerateDevices').mockResolvedValue(
    ['front', 'back', 'side'].map((deviceId) => ({ kind: 'videoinput', deviceId }) as MediaDeviceInfo),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

const nothing = (): void => undefined;

test('the camera that looks away comes first; the others follow in turn, and the chosen one is remembered', async () => {
  const first = await openCamera(nothing);
  expect(asked[0]).toMatchObject({ facingMode: { ideal: 'environment' } });
  expect(first.next).toBe('side');
  const second = await openCamera(nothing, 'side');
  expect(second.next).toBe('front');
  await openCamera(nothing);
  expect(asked.at(-1)).toMatchObject({ deviceId: 'side' });
});

test('with one camera there is none to change to', async () => {
  vi.spyOn(navigator.mediaDevices, 'enumerateDevices').mockResolvedValue([
    { kind: 'videoinput', deviceId: 'back' } as MediaDeviceInfo,
  ]);
  expect((await openCamera(nothing)).next).toBeNull();
});

test('each failure has its own name', async () => {
  for (const [name, fault] of [
    ['NotAllowedError', 'refused'],
    ['NotFoundError', 'none'],
    ['NotReadableError', 'busy'],
  ] as const) {
    const open = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    open.mockRejectedValueOnce(new DOMException('no', name));
    await expect(openCamera(nothing)).rejects.toMatchObject({ fault });
  }
});
