import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { crc32 } from '#shared/archive/crc32.ts';
import { createRandom, previewOrder } from '#shared/dataset/random.ts';
import { canonicalise } from '#shared/image/canonical.ts';
import { describeAugmentation } from '#shared/image/augment-draw.ts';
import { toRgba } from '#shared/image/pixels.ts';
import { scene } from '#shared/image/testing/synthetic.ts';
import { variationsOf } from '#shared/image/variations.ts';
import { DEFAULT_AUGMENTATION, STRONG_AUGMENTATION } from '#shared/schema/augment.ts';
import { NO_EDITS } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import { encodePng } from '../../../platform/decode.ts';
import type { LibraryState } from '../../../state/contract.ts';
import { createVariations } from '../../../state/variations.ts';
import { FakeLibrary, FakeModel, photoNamed } from '../../testing/fakes.svelte.ts';
import LibraryFrame from '../LibraryFrame.svelte';

beforeEach(async () => {
  await page.viewport(1280, 800);
});

const PHOTOS = Array.from({ length: 6 }, (_, i) => photoNamed(i + 1, i < 5 ? 'Lion' : 'Raccoon'));

async function open(library: FakeLibrary) {
  const screen = await render(LibraryFrame, { library, model: new FakeModel(), path: '/library/augment' });
  await expect.element(screen.getByRole('heading', { level: 2 }).first()).toBeVisible();
  return screen;
}

const last = (library: FakeLibrary): Parameters<LibraryState['variations']>[0] => library.varied.at(-1)!;

describe('the room of variations', () => {
  test('P4-11 … P4-13 shows four photos of a class in the trainer’s order, and follows its strengths', async () => {
    const library = new FakeLibrary(PHOTOS, ['Lion', 'Raccoon']);
    const screen = await open(library);
    const order = previewOrder(PHOTOS.slice(0, 5), (p) => p.id, 1).map((p) => p.fileName);
    expect(last(library).photos.map((s) => s.photo.fileName)).toEqual(order.slice(0, 4));
    expect(last(library)).toMatchObject({ options: DEFAULT_AUGMENTATION, seed: 1 });
    await expect.element(screen.getByRole('img', { name: 'turned 3.2° clockwise' }).first()).toBeVisible();

    await screen.getByRole('combobox', { name: 'How strongly' }).selectOptions('Strongly');
    await vi.waitFor(() => {
      expect(last(library).options).toEqual(STRONG_AUGMENTATION);
    });
    const turn = screen.getByRole('slider', { name: /Turn, either way/ });
    await expect.element(turn).toBeVisible();
    (turn.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}');
    await vi.waitFor(() => {
      expect(last(library).options).toEqual({ ...STRONG_AUGMENTATION, rotate: 21 });
    });
    await expect.element(screen.getByText('menagerie run --augment strong --rotate 21')).toBeVisible();
    await expect.element(screen.getByRole('combobox', { name: 'How strongly' })).toHaveValue('own');

    await screen.getByRole('button', { name: 'Other photos' }).click();
    await vi.waitFor(() => {
      expect(last(library).photos.map((s) => s.photo.fileName)).toEqual(order.slice(4));
    });
    await page.viewport(360, 740);
    await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  });

  test('design §2.7 a class that must not be mirrored is not', async () => {
    const library = new FakeLibrary(PHOTOS, ['Lion', 'Raccoon']);
    library.subClasses = library.subClasses.map((s) => ({ ...s, flop: s.name !== 'Raccoon' }));
    const screen = await open(library);
    expect(last(library).photos.every((s) => s.flop)).toBe(true);
    await screen.getByRole('combobox', { name: 'Photos of' }).selectOptions('Raccoon');
    await vi.waitFor(() => {
      expect(last(library).photos.map((s) => s.flop)).toEqual([false]);
    });
  });

  test('P1-28 P4-14 photos that may be small already, and variations that get too small, are marked', async () => {
    const library = new FakeLibrary(PHOTOS.slice(0, 2), ['Lion']);
    const picture = { data: new Uint8ClampedArray(256), width: 8, height: 8 };
    library.variations = (wish) =>
      Promise.resolve(
        wish.photos.map((_, i) => ({
          plain: picture,
          small: i === 0 ? ({ reason: 'narrow', share: 0.31 } as const) : null,
          varied: [{ picture, words: '20 % smaller', share: 0.43 }],
        })),
      );
    const screen = await open(library);
    await expect.element(screen.getByText(/covers only 31 % of the square/)).toBeVisible();
    await expect.element(screen.getByText(/Training never makes it smaller/)).toBeVisible();
    await expect.element(screen.getByText('covers only 43 %')).toBeVisible();
  });

  test('P4-15 a photo that lies on its side is turned from here', async () => {
    const library = new FakeLibrary(PHOTOS.slice(0, 1), ['Lion']);
    library.person = 'Ada';
    const screen = await open(library);
    await screen.getByRole('button', { name: 'Crop or turn' }).click();
    await screen.getByRole('button', { name: 'Turn right' }).click();
    await screen.getByRole('button', { name: 'Save' }).click();
    await vi.waitFor(() => {
      expect(library.acts).toContainEqual(['edit', { turn: 90, crop: null }]);
    });
  });
});

const checksum = (data: Uint8ClampedArray<ArrayBuffer>): number => crc32(new Uint8Array(data.buffer));

test('the worker draws the very bytes of the trainer’s preview, from the same random numbers', async () => {
  const images = [scene(500, 350, 6), scene(300, 400, 7)].map((s) => canonicalise(s));
  const pngs = await Promise.all(images.map(encodePng));
  const shapes = [
    { width: 500, height: 350 },
    { width: 300, height: 400 },
  ];
  const photos = shapes.map((shape, i) => ({ ...photoNamed(i, null), ...shape, edits: NO_EDITS }));
  const drawer = createVariations((id) =>
    Promise.resolve(pngs[photos.findIndex((p) => p.id === id)] ?? null),
  );
  const subjects = photos.map((photo) => ({ photo, flop: true }));
  const gone = { photo: photoNamed(9, null), flop: true };
  const rows = await drawer.draw(
    { photos: [subjects[0]!, gone, subjects[1]!], options: STRONG_AUGMENTATION, seed: 7 },
    new AbortController().signal,
  );
  const random = createRandom(7);
  const allowed = { flop: true, zoomOut: true };
  const expected = images.map((image) => variationsOf(image, STRONG_AUGMENTATION, random, allowed));
  expect(rows[1]).toBeNull();
  [rows[0], rows[2]].forEach((row, i) => {
    expect(row?.small).toBeNull();
    expect(row?.varied.map((v) => v.words)).toEqual(
      expected[i]!.varied.map((v) => describeAugmentation(v.drawn)),
    );
    row?.varied.forEach(({ picture }, n) => {
      expect(checksum(picture.data)).toBe(checksum(toRgba(expected[i]!.varied[n]!.picture)));
    });
  });
});
