/** The photo grid of a large library (P2-22 … P2-28, P1-19). */
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import type { Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import { FakeLibrary, FakeModel, photoNamed } from '../../testing/fakes.svelte.ts';
import { LibrarySession } from '../session.svelte.ts';
import Photos from './Photos.svelte';

const NAMES = ['Lion', 'Tiger'];

beforeEach(async () => {
  await page.viewport(1200, 800);
});

function photoOf(n: number): Photo {
  const photo = photoNamed(n, n % 4 === 3 ? null : (NAMES[n % 2] ?? null));
  return { ...photo, origin: n % 10 === 0 ? 'staged' : 'real', faults: n % 5 === 0 ? ['blurry'] : [] };
}

async function open(count: number) {
  const library = new FakeLibrary(
    Array.from({ length: count }, (_, n) => photoOf(n)),
    NAMES,
  );
  library.person = 'Ada';
  const session = new LibrarySession(library);
  const screen = await render(Photos, { library, model: new FakeModel(), session });
  screen.container.style.height = '700px';
  screen.container.style.display = 'grid';
  await expect.element(screen.getByRole('gridcell').first()).toBeVisible();
  return { library, session, screen };
}

test('filters combine, their counts follow, and the filter in use is said in words', async () => {
  const { screen } = await open(20_000);
  await screen.getByRole('combobox', { name: 'Show' }).selectOptions('Lion (10,000)');
  await screen.getByRole('button', { name: 'Filters' }).click();
  await screen.getByRole('checkbox', { name: 'Staged (2,000)' }).click();
  await expect.element(screen.getByText('Lion, Staged: 2,000 of 20,000')).toBeVisible();
  await expect.element(screen.getByRole('checkbox', { name: 'Blurry (2,000)' })).toBeVisible();
  await screen.getByRole('button', { name: 'Clear filters' }).click();
  await expect.element(screen.getByText('20,000 photos shown')).toBeInTheDocument();
});

test('a filter is kept under a name by an act', async () => {
  const { library, screen } = await open(40);
  await screen.getByRole('button', { name: 'Filters' }).click();
  await screen.getByRole('checkbox', { name: /^Staged/ }).click();
  await screen.getByRole('textbox', { name: 'Name for these filters' }).fill('toys');
  await screen.getByRole('button', { name: 'Keep' }).click();
  await expect.poll(() => JSON.stringify(library.acts)).toContain('"toys"');
});

test('all of 20,000 photos are chosen at once and only those in sight are in the page', async () => {
  const { screen } = await open(20_000);
  await screen.getByRole('gridcell').first().click();
  await userEvent.keyboard('{Control>}a{/Control}');
  await expect.element(screen.getByText('20,000 selected')).toBeVisible();
  expect(screen.getByRole('gridcell').all().length).toBeLessThan(150);
});

test('a lasso chooses what it touches', async () => {
  const { screen } = await open(40);
  const [first, last] = [0, 8].map((n) =>
    screen.getByRole('gridcell').nth(n).element().getBoundingClientRect(),
  );
  const grid = screen.getByRole('grid').element();
  const at = (type: string, rect: DOMRect | undefined): void => {
    const [clientX, clientY] = [(rect?.left ?? 0) + 20, (rect?.top ?? 0) + 20];
    grid.dispatchEvent(
      new PointerEvent(type, { bubbles: true, pointerType: 'mouse', button: 0, clientX, clientY }),
    );
  };
  at('pointerdown', first);
  at('pointermove', last);
  at('pointerup', last);
  await expect.element(screen.getByText(/^[2-9]\d* selected/)).toBeVisible();
});

test('faults of many photos are set in one act, and the majority gives its label to all', async () => {
  const { library, screen } = await open(40);
  await screen.getByRole('gridcell').nth(0).click();
  await screen
    .getByRole('gridcell')
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await screen.getByRole('button', { name: 'All to the majority' }).click();
  await screen.getByRole('button', { name: 'Change …' }).click();
  await screen.getByRole('button', { name: 'Too far' }).click();
  await expect.poll(() => library.acts.length).toBe(2);
  expect(library.acts).toEqual([
    ['assign', 3, { kind: 'sub-class', id: 'lion' }],
    ['change', 3, { kind: 'faults', add: ['too-far'], remove: [] }],
  ]);
});

test('emptying the bin says first that it is for good and what it frees', async () => {
  const { library, screen } = await open(4);
  const photo = photoOf(99);
  library.bin = () => Promise.resolve([{ id: photo.id, photo, at: photo.addedAt, by: 'Bo' }]);
  await screen.getByRole('button', { name: 'Bin' }).click();
  await screen.getByRole('button', { name: 'Empty the bin …' }).click();
  await expect.element(screen.getByText(/cannot be undone. It frees about 1.2 MB/)).toBeVisible();
  await screen.getByRole('button', { name: 'Delete for good' }).click();
  await expect.poll(() => library.acts).toEqual([['empty bin']]);
});

test('the list says more of each photo', async () => {
  const { screen } = await open(40);
  await screen.getByRole('button', { name: 'Show as a list' }).click();
  await expect.element(screen.getByText(/Staged · Blurry/).first()).toBeVisible();
});

test('one key gives all selected photos a label, a fault, or keeps them out; again takes the fault off (P1-49)', async () => {
  const { library, screen } = await open(12);
  await screen.getByRole('gridcell').first().click();
  await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
  await expect.element(screen.getByText('3 selected').first()).toBeInTheDocument();
  await expect.element(screen.getByRole('button', { name: 'Lion', exact: true })).toBeVisible();
  await userEvent.keyboard('4');
  await userEvent.keyboard('b');
  await userEvent.keyboard('x');
  await expect.poll(() => library.acts).toHaveLength(3);
  expect(library.acts.every((act) => JSON.stringify(act).includes('3'))).toBe(true);
  await userEvent.keyboard('b');
  await expect.poll(() => library.acts).toHaveLength(4);
  // In a field the same keys are letters.
  await screen.getByRole('combobox', { name: 'Label', exact: true }).click();
  await userEvent.keyboard('b');
  expect(library.acts).toHaveLength(4);
});

test('photos go into a benchmark from the grid and from the details (P2-12, P2-18)', async () => {
  const { library, screen } = await open(12);
  await screen.getByRole('gridcell').first().click();
  await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
  await screen.getByRole('button', { name: 'Add to benchmark' }).click();
  await screen.getByRole('textbox', { name: /Name/ }).fill('Shade');
  await screen.getByRole('button', { name: 'Create' }).click();
  await expect.poll(() => library.benchmarks.map((b) => b.items.length)).toEqual([2]);
  await userEvent.keyboard('{Escape}');
  await screen.getByRole('gridcell').nth(5).dblClick();
  await screen.getByRole('dialog').getByRole('button', { name: 'Add to benchmark' }).click();
  await screen.getByRole('button', { name: /Shade/ }).click();
  await expect.poll(() => library.benchmarks.map((b) => b.items.length)).toEqual([3]);
});

test('photos are filtered by what was decided on their look-alikes (P2-34)', async () => {
  const { library, screen } = await open(12);
  library.photos = library.photos.map((photo, n) => ({ ...photo, hash: n < 3 ? 'f'.repeat(16) : lonely(n) }));
  await screen.getByRole('button', { name: 'Filters' }).click();
  await screen.getByRole('checkbox', { name: 'To decide on (3)' }).click();
  await expect.element(screen.getByText('3 photos shown')).toBeInTheDocument();
});

/** A hash that is far from all others. */
function lonely(n: number): string {
  return (0x9e37_79b9_7f4a_7c15n * BigInt(n * 7919)).toString(16).padStart(16, '0').slice(-16);
}
