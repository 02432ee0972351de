import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import type { Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import { FakeLibrary, FakeModel, photoNamed } from '../../testing/fakes.svelte.ts';
import LibraryFrame from '../LibraryFrame.svelte';

const LION_HASH = '00000000000000ff';

beforeEach(async () => {
  await page.viewport(360, 740);
});

function photo(n: number, label: string | null, changes: Partial<Photo>): Photo {
  return { ...photoNamed(n, label), pixels: String(n).repeat(64).slice(0, 64), ...changes };
}

/** Two lions of which one is larger; a near tiger and leopard; three equal pictures; one alone. */
function zoo(): FakeLibrary {
  const photos = [
    photo(1, 'Lion', { hash: LION_HASH }),
    photo(2, null, { hash: '00000000000000fe', width: 6000 }),
    photo(3, 'Tiger', { hash: 'ff000000ff000000' }),
    photo(4, 'Leopard', { hash: 'ff000000ff000001', width: 8000 }),
    ...[5, 6, 7].map((n) => photo(n, 'Okapi', { hash: '0f0f0f0f0f0f0f0f', pixels: 'a'.repeat(64) })),
    photo(8, 'Zebra', { hash: 'f0f0f0f0ffffffff' }),
  ];
  const library = new FakeLibrary(photos, ['Lion', 'Tiger', 'Leopard', 'Okapi', 'Zebra']);
  library.person = 'Ada';
  return library;
}

async function open(library: FakeLibrary) {
  const screen = await render(LibraryFrame, {
    library,
    model: new FakeModel(),
    path: '/library/duplicates',
  });
  screen.container.style.height = '700px';
  screen.container.style.display = 'grid';
  await expect.element(screen.getByText('0 of 3 groups decided')).toBeVisible();
  return screen;
}

const id = (n: number): string => photoNamed(n, null).id;

test('the keyboard alone decides: label error first, then the proposed best, then all stay (P2-34)', async () => {
  const library = zoo();
  const screen = await open(library);
  await expect.element(screen.getByRole('group', { name: 'One of these labels is wrong' })).toBeVisible();
  (screen.getByRole('button', { name: 'Keep chosen as “Tiger”' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('1 of 3 groups decided')).toBeVisible();
  await userEvent.keyboard('a');
  await expect.element(screen.getByText('2 of 3 groups decided')).toBeVisible();
  await userEvent.keyboard('2k');
  await expect.element(screen.getByRole('group', { name: 'All groups are decided' })).toBeVisible();
  expect(library.acts).toEqual([
    ['settle', [{ photos: [id(4), id(3)], keep: [id(4)], label: { kind: 'sub-class', id: 'tiger' } }]],
    ['settle', [{ photos: [id(5), id(6), id(7)], keep: [id(5), id(6), id(7)], label: null }]],
    ['settle', [{ photos: [id(1), id(2)], keep: [id(1), id(2)], label: null }]],
  ]);
});

test('all exact copies go at once, with the count beforehand', async () => {
  const library = zoo();
  const screen = await open(library);
  await screen.getByRole('button', { name: 'Drop all exact copies: 2 photos' }).click();
  await expect.element(screen.getByText('1 of 3 groups decided')).toBeVisible();
  expect(library.photos).toHaveLength(6);
});

test('the slider tells the groups and shows pairs at that very distance (P2-33)', async () => {
  const screen = await open(zoo());
  await screen.getByText('How to compare').click();
  await expect.element(screen.getByText('No two photos differ by exactly this much.')).toBeVisible();
  await screen.getByRole('slider', { name: 'How alike' }).fill('1');
  await expect.element(screen.getByText('IMG_1.jpg beside IMG_2.jpg')).toBeInTheDocument();
  await screen.getByRole('slider', { name: 'How alike' }).fill('0');
  await expect.element(screen.getByText('0 of 64 marks may differ: 1 group')).toBeVisible();
});

test('a benchmark photo never goes without saying so', async () => {
  const library = zoo();
  library.benchmarks = [
    {
      v: 1,
      id: 'b',
      name: 'Hard ones',
      kind: 'difficult',
      frozenAt: null,
      items: [{ photo: id(6), truth: null }],
    },
  ] as unknown as FakeLibrary['benchmarks'];
  const screen = await open(library);
  await userEvent.keyboard('n');
  await expect.element(screen.getByText(/in a benchmark/)).toBeVisible();
  await userEvent.keyboard('21');
  await expect.element(screen.getByRole('alert')).toHaveTextContent('IMG_6.jpg is in “Hard ones”');
});

test('what was decided is not asked again', async () => {
  const library = zoo();
  library.decisions = [
    { id: 'x', kind: 'different', photos: [id(5), id(6), id(7)], by: 'Ada', at: '' },
    { id: 'y', kind: 'dropped', photos: [id(1), id(2)], by: 'Ada', at: '' },
  ];
  const screen = await render(LibraryFrame, {
    library,
    model: new FakeModel(),
    path: '/library/duplicates',
  });
  await expect.element(screen.getByText('0 of 1 groups decided')).toBeVisible();
  await screen.getByRole('button', { name: 'Drop again what came back: 1 photo' }).click();
  expect(library.acts).toEqual([['settle', [{ photos: [id(1), id(2)], keep: [id(1)], label: null }]]]);
});

test('nothing sticks out at 360 px', async () => {
  const screen = await open(zoo());
  const room = screen.container.querySelector('.room');
  expect(room?.scrollWidth).toBe(room?.clientWidth);
});

test('what the model sees as alike is found too; what it has not seen is said, and can be shown to it (P2-35)', async () => {
  const library = zoo();
  library.alike = [[id(1), id(8), 3]];
  const screen = await open(library);
  await screen.getByText('How to compare').click();
  await screen.getByRole('combobox', { name: 'Compare' }).selectOptions('what the model sees in them');
  await expect.element(screen.getByText('0 of 1 groups decided')).toBeVisible();
  await expect.element(screen.getByText('4 of 100 apart: 1 group')).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Show 1 more photo to the model' })).toBeVisible();
  await expect.element(screen.getByText('Mirrored and turned copies too')).not.toBeInTheDocument();
  await screen.getByRole('combobox', { name: 'Compare' }).selectOptions('the pictures');
  await expect.element(screen.getByText('0 of 3 groups decided')).toBeVisible();
});
