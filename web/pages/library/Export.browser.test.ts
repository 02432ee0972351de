import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import '../../styles/app.css';
import { FakeLibrary, FakeModel, photoNamed } from '../testing/fakes.svelte.ts';
import LibraryFrame from './LibraryFrame.svelte';

const CUT = { name: 'zoo', startedAt: '2026-05-01T09:30:00.000Z', done: 3, of: 10 };

beforeEach(async () => {
  await page.viewport(360, 740);
});

function libraryOf(count: number): FakeLibrary {
  const library = new FakeLibrary(
    Array.from({ length: count }, (_, i) => photoNamed(i, 'Lion')),
    ['Lion'],
  );
  library.person = 'Ada';
  return library;
}

async function open(library: FakeLibrary, path = '/library') {
  const screen = await render(LibraryFrame, { library, model: new FakeModel(), path });
  screen.container.style.height = '740px';
  screen.container.style.display = 'grid';
  return screen;
}

test('photos that were never copied: a calm word with a button, and it can be put off', async () => {
  const library = libraryOf(60);
  library.lastExportAt = null;
  const screen = await open(library);
  const reminder = screen.getByRole('group', { name: 'Your photos exist on this device only' });
  await reminder.getByRole('button', { name: 'Make a copy' }).click();
  await expect.element(screen.getByRole('dialog', { name: 'Export the library' })).toBeVisible();
  await screen.getByRole('button', { name: 'Close' }).click();
  await reminder.getByRole('button', { name: 'Later' }).click();
  expect(library.acts).toEqual([['postpone export reminder']]);
  await expect.element(reminder).not.toBeInTheDocument();
});

test('an export that was cut short is offered again, and can be gone on with or forgotten', async () => {
  const library = libraryOf(3);
  library.unfinishedExport = CUT;
  const screen = await open(library);
  await screen.getByRole('button', { name: 'Go on' }).click();
  const dialog = screen.getByRole('dialog', { name: 'Export the library' });
  await expect.element(dialog.getByText('3 of 10 parts are written')).toBeVisible();
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByRole('button', { name: 'Forget it' }).click();
  expect(library.acts).toEqual([['resume export'], ['forget export']]);
  await expect.element(dialog.getByText('3 of 10')).not.toBeInTheDocument();
});

test('how safe the storage is stands in words, and the browser can be asked to keep it', async () => {
  const library = libraryOf(3);
  library.storage = { persisted: false, usage: 1_000_000, quota: 2_000_000_000 };
  const screen = await open(library);
  await screen.getByTitle('Storage').click();
  await expect.element(screen.getByText('The browser may clear this storage')).toBeVisible();
  await screen.getByRole('button', { name: 'Ask the browser to keep it' }).click();
  expect(library.acts).toEqual([['ask to persist']]);
  await expect.element(screen.getByText('Storage is kept')).toBeVisible();
});
