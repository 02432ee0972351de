import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import '../../styles/app.css';
import { FakeLibrary, FakeModel, photoNamed } from '../testing/fakes.svelte.ts';
import LibraryFrame from './LibraryFrame.svelte';

const HOSTILE = '<img src=x onerror=alert(1)>';
const NAMES = ['Red Panda', 'Raccoon', HOSTILE];

beforeEach(async () => {
  await page.viewport(900, 700);
});

function manyPhotos(count: number): FakeLibrary {
  const photos = Array.from({ length: count }, (_, i) =>
    photoNamed(i, i % 4 === 3 ? null : (NAMES[i % 3] ?? null)),
  );
  const library = new FakeLibrary(photos, NAMES);
  library.person = 'Ada';
  return library;
}

async function open(library: FakeLibrary) {
  const screen = await render(LibraryFrame, { library, model: new FakeModel(), path: '/library' });
  const root = screen.container;
  root.style.height = '600px';
  root.style.display = 'grid';
  return screen;
}

test('an empty library offers the sample library and own photos', async () => {
  const library = new FakeLibrary();
  const screen = await open(library);
  await screen.getByRole('button', { name: 'Try with the sample library' }).click();
  expect(library.acts).toEqual([['sample']]);
  await screen.getByRole('button', { name: 'Add your own photos' }).click();
  await expect.element(screen.getByRole('dialog', { name: 'Add photos' })).toBeVisible();
});

test('of many thousand photos only those in sight are in the page', async () => {
  const screen = await open(manyPhotos(20_000));
  await expect.poll(() => screen.getByRole('gridcell').all().length).toBeGreaterThan(5);
  expect(screen.getByRole('gridcell').all().length).toBeLessThan(100);
});

test('a tall picture stays inside its tile, with the label below it', async () => {
  const library = manyPhotos(30);
  const tall = document.createElement('canvas');
  [tall.width, tall.height] = [108, 192];
  library.thumbnail = () => Promise.resolve(tall.toDataURL());
  const screen = await open(library);
  await expect.poll(() => screen.container.querySelectorAll('[role=gridcell] img').length).toBeGreaterThan(5);
  for (const row of screen.container.querySelectorAll('[role=row]')) {
    const { bottom } = row.getBoundingClientRect();
    for (const part of row.querySelectorAll('[role=gridcell], .caption'))
      expect(part.getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom + 1);
  }
});

test('a label that looks like HTML is shown as text', async () => {
  const screen = await open(manyPhotos(6));
  await expect.element(screen.getByText(HOSTILE, { exact: true }).last()).toBeInTheDocument();
  expect(document.querySelector('img[src="x"]')).toBeNull();
});

test('a range is chosen with shift and labelled by typing part of the name', async () => {
  const library = manyPhotos(12);
  const screen = await open(library);
  await screen.getByRole('gridcell').nth(1).click();
  await screen
    .getByRole('gridcell')
    .nth(4)
    .click({ modifiers: ['Shift'] });
  await expect.element(screen.getByText('4 selected')).toBeVisible();
  await screen.getByRole('combobox', { name: 'Label' }).fill('racc');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => library.acts).toEqual([['assign', 4, { kind: 'sub-class', id: 'raccoon' }]]);
});

test('the keyboard alone moves, chooses and makes a new label; the name is asked once', async () => {
  const library = manyPhotos(12);
  library.person = '';
  const screen = await open(library);
  await expect.element(screen.getByRole('gridcell').first()).toBeVisible();
  (screen.getByRole('gridcell').first().element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight} ');
  await expect.element(screen.getByRole('gridcell').nth(1)).toHaveAttribute('aria-selected', 'true');
  await screen.getByRole('combobox', { name: 'Label' }).fill('Okapi');
  await userEvent.keyboard('{Enter}');
  await screen.getByRole('textbox', { name: 'Your name' }).fill('Grace');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => library.acts.length).toBe(2);
  expect(library.acts).toEqual([
    ['create', 'sub-class', 'Okapi'],
    ['assign', 1, { kind: 'sub-class', id: 'okapi' }],
  ]);
  expect(library.person).toBe('Grace');
});

test('what was removed can be brought back at once', async () => {
  const library = manyPhotos(12);
  const screen = await open(library);
  await screen.getByRole('gridcell').first().click();
  await screen.getByRole('button', { name: 'Remove' }).click();
  await expect.element(screen.getByText('1 photo removed', { exact: true })).toBeVisible();
  await screen.getByRole('button', { name: 'Undo', exact: true }).click();
  expect(library.acts).toEqual([['remove', 1], ['undo']]);
});

test('after an import the summary counts what came and names what did not, with the reason', async () => {
  const library = manyPhotos(3);
  library.importJob = {
    kind: 'finished',
    done: 40,
    total: 40,
    known: 3,
    problems: [{ file: HOSTILE, reason: 'This is not a picture.' }],
  };
  const screen = await open(library);
  await expect.element(screen.getByText('36 photos added')).toBeVisible();
  await expect.element(screen.getByText('3 were already there')).toBeVisible();
  await screen.getByText('1 file was not added').click();
  await expect.element(screen.getByText('This is not a picture.')).toBeVisible();
});

test('the filter shows photos without a label only', async () => {
  const screen = await open(manyPhotos(12));
  await screen.getByRole('combobox', { name: 'Show' }).selectOptions('Without a label (3)');
  await expect.poll(() => screen.getByRole('gridcell').all().length).toBe(3);
});

test('on a phone the room that is open is in sight among the tabs, and which sides go on is told', async () => {
  await page.viewport(360, 740);
  const open = { library: manyPhotos(1), model: new FakeModel() };
  const screen = await render(LibraryFrame, { ...open, path: '/library/duplicates' });
  const tabs = screen.getByRole('navigation', { name: 'Rooms of the library' });
  await expect.element(tabs).toHaveAttribute('data-more', 'left right');
  const inSight = (name: string): boolean => {
    const { left, right } = tabs.getByRole('link', { name }).element().getBoundingClientRect();
    return left >= 0 && right <= 360;
  };
  expect(inSight('Duplicates')).toBe(true);
  await screen.rerender({ ...open, path: '/library' });
  await expect.element(tabs).toHaveAttribute('data-more', 'right');
  expect(inSight('Photos')).toBe(true);
});

test('a room of an empty library has the tabs, as a way on', async () => {
  const screen = await render(LibraryFrame, {
    library: new FakeLibrary(),
    model: new FakeModel(),
    path: '/library/classes',
  });
  await expect.element(screen.getByRole('link', { name: 'Photos' })).toBeVisible();
});
