/** The room that identifies many: P4-16 … P4-24, P5-39, P5-40. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import type { Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import type { BulkJob, BulkResult } from '../../../state/contract-bulk.ts';
import { FakeLibrary, FakeModel, LABELS, photoNamed } from '../../testing/fakes.svelte.ts';
import { LibrarySession } from '../session.svelte.ts';
import Bulk from './Bulk.svelte';
import StartDialog from './StartDialog.svelte';

const ADDRESS = location.href;

beforeEach(async () => {
  await page.viewport(1200, 800);
});
afterEach(() => {
  history.replaceState(null, '', ADDRESS);
});

/** Every third photo has no label, every third an unknown one, the others are red pandas. */
function photoOf(n: number): Photo {
  if (n % 3 === 0) return photoNamed(n, null);
  return n % 3 === 1 ? photoNamed(n, 'Small bear', 'unknown') : photoNamed(n, 'Red Panda');
}

/** Guesses go round the three classes, scores fall from 99.9 % by place. */
function resultOf(photo: Photo, n: number, count: number): BulkResult {
  const order = [0, 1, 2].map((step) => LABELS[(n + step) % 3]?.id ?? '');
  const score = 0.999 * (1 - n / count);
  const rest = (1 - score) / 2;
  return {
    key: photo.id,
    photo: photo.id,
    inLibrary: true,
    file: photo.fileName,
    top: order.map((label, place) => ({ label, score: place === 0 ? score : rest })),
    aside: false,
  };
}

function jobOf(more: Partial<BulkJob> = {}): BulkJob {
  return {
    id: 'job-1',
    name: 'All photos',
    kind: 'library',
    version: 7,
    labels: LABELS.map(({ id, name, subClasses }) => ({ id, name, subClasses: [...subClasses] })),
    threshold: 0.95,
    by: 'Ada',
    at: '2026-05-02T08:00:00.000Z',
    total: 12,
    done: 12,
    problems: [],
    status: { kind: 'finished' },
    ...more,
  };
}

function libraryOf(count: number, job = jobOf({ total: count, done: count })): FakeLibrary {
  const photos = Array.from({ length: count }, (_, n) => photoOf(n));
  const library = new FakeLibrary(photos, ['Red Panda', 'Raccoon']);
  library.person = 'Ada';
  library.unknownLabels = [
    {
      v: 1,
      id: photoNamed(1, 'Small bear').label?.id ?? photoNamed(1, 'x').label!.id,
      name: 'Small bear',
      createdAt: job.at,
      createdBy: 'Ada',
    },
  ];
  const byId = new Map(photos.map((photo) => [photo.id as string, photo]));
  // The real one does not pass over all of them either.
  library.photo = (id) =>
    library.photos.length === count ? byId.get(id) : library.photos.find((p) => p.id === id);
  library.bulk.jobs = [job];
  library.bulk.found = { [job.id]: photos.map((photo, n) => resultOf(photo, n, count)) };
  return library;
}

/** @param place what the address says: the identification, and a question */
async function open(library: FakeLibrary, place: Readonly<Record<string, string>> = { job: 'job-1' }) {
  const address = new URL(ADDRESS);
  for (const [name, value] of Object.entries(place)) address.searchParams.set(name, value);
  history.replaceState(null, '', address);
  const session = new LibrarySession(library);
  const screen = await render(Bulk, { library, model: new FakeModel(), session });
  screen.container.style.height = '760px';
  screen.container.style.display = 'grid';
  return { library, session, screen };
}

test('without any the room says how to begin, also with a library that is empty', async () => {
  const library = new FakeLibrary();
  const { screen } = await open(library, {});
  await expect.element(screen.getByText('Nothing identified yet')).toBeVisible();
  await screen.getByRole('button', { name: 'Identify photos' }).click();
  await expect.element(screen.getByText(/files and folders can be identified all the same/)).toBeVisible();
});

test('a keeper says what to identify and with which version (P4-16, P4-17)', async () => {
  const { library, screen } = await open(libraryOf(12), {});
  await screen.getByRole('button', { name: 'Identify photos' }).click();
  await expect.element(screen.getByRole('radio', { name: 'Photos without a label (4)' })).toBeChecked();
  await screen.getByRole('radio', { name: 'Photos with an unknown label (4)' }).click();
  await expect.element(screen.getByText(/^4 photos\./)).toBeVisible();
  await screen.getByRole('combobox', { name: 'With which model' }).selectOptions('Version 6');
  await screen.getByRole('button', { name: 'Start' }).click();
  await expect.element(screen.getByRole('link', { name: 'See the results' })).toBeVisible();
  expect(library.bulk.acts).toEqual([['start', 'library', 6]]);
});

test('photos selected in the grid are identified, with the time it takes once the speed is known', async () => {
  const library = libraryOf(12, jobOf({ status: { kind: 'running', perSecond: 0.02 } }));
  const ids = library.photos.slice(0, 6).map(({ id }) => id);
  const screen = await render(StartDialog, { library, selection: ids, onclose: () => undefined });
  await expect.element(screen.getByRole('radio', { name: 'The selected photos (6)' })).toBeChecked();
  await expect.element(screen.getByText('6 photos: about 5 minutes, at 0.02 a second.')).toBeVisible();
  await expect.element(screen.getByText(/Another identification is under way/)).toBeVisible();
});

test('a version that cannot be had is said, and nothing else happens', async () => {
  const { library, screen } = await open(libraryOf(3), {});
  library.bulk.start = () => Promise.reject(new Error('Version 6 was withdrawn. Choose another one.'));
  await screen.getByRole('button', { name: 'Identify photos' }).click();
  await screen.getByRole('button', { name: 'Start' }).click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('Version 6 was withdrawn.');
});

test('an identification is paused, gone on with, and forgotten only after a question', async () => {
  const running = jobOf({ done: 6, status: { kind: 'running', perSecond: 2 } });
  const { library, screen } = await open(libraryOf(12, running), {});
  await expect.element(screen.getByText('6 of 12')).toBeVisible();
  await expect.element(screen.getByText('2 a second, less than a minute left')).toBeVisible();
  await expect.element(screen.getByText('All photos: 50 percent done')).toBeInTheDocument();
  await screen.getByRole('button', { name: 'Pause' }).click();
  library.bulk.jobs = [{ ...running, status: { kind: 'paused', why: 'reload', message: '' } }];
  await expect.element(screen.getByText('Paused, since the page was closed: 6 of 12')).toBeVisible();
  await screen.getByRole('button', { name: 'Go on' }).click();
  await screen.getByRole('button', { name: 'Forget All photos …' }).click();
  await screen.getByRole('button', { name: 'Keep' }).click();
  await screen.getByRole('button', { name: 'Forget All photos …' }).click();
  await screen.getByRole('button', { name: 'Forget', exact: true }).click();
  await expect
    .poll(() => library.bulk.acts)
    .toEqual([
      ['pause', 'job-1'],
      ['resume', 'job-1', null],
      ['forget', 'job-1'],
    ]);
});

test('what a version guessed of the library can be forgotten with it', async () => {
  const { library, screen } = await open(libraryOf(12, jobOf()), {});
  await screen.getByRole('button', { name: 'Forget All photos …' }).click();
  await screen.getByRole('button', { name: 'Forget all guesses of version 7, too' }).click();
  await expect
    .poll(() => library.bulk.acts)
    .toEqual([
      ['forget', 'job-1'],
      ['forget version', 7],
    ]);
});

test('files that the browser forgot are asked for again', async () => {
  const waits = jobOf({ kind: 'files', done: 6, status: { kind: 'paused', why: 'files', message: '' } });
  const { library, screen } = await open(libraryOf(12, waits), {});
  await expect.element(screen.getByText('Waits for its files: 6 of 12')).toBeVisible();
  await screen.getByLabelText('Choose the files again').upload(new File(['x'], 'x.jpg'));
  await expect.poll(() => library.bulk.acts).toEqual([['resume', 'job-1', 1]]);
});

test('of 20,000 results only those in sight are in the page; a question is a button, and in the address (P5-39)', async () => {
  const { screen } = await open(libraryOf(20_001));
  await expect.element(screen.getByText('20,001 of 20,001: any guess')).toBeVisible();
  expect(screen.getByRole('gridcell').all().length).toBeLessThan(150);
  await screen.getByRole('button', { name: 'Lowest scores' }).click();
  await expect.element(screen.getByText(/^8,0\d\d of 20,001: any guess, confidence below 40$/)).toBeVisible();
  expect(new URLSearchParams(location.search).get('q')).toBe('score=0-40&order=lowest');
  await screen.getByRole('spinbutton', { name: 'and below' }).fill('10');
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText(/2,0\d\d of 20,001: any guess, confidence below 10/)).toBeVisible();
  await expect
    .element(screen.getByRole('button', { name: 'Lowest scores' }))
    .toHaveAttribute('aria-pressed', 'true');
});

test('an address brings its question along', async () => {
  const q = 'guess=raccoon&label=unknown&order=highest';
  const { screen } = await open(libraryOf(12), { q });
  await expect.element(screen.getByText('4 of 12: guessed Raccoon, with an unknown label')).toBeVisible();
  await expect
    .element(screen.getByRole('button', { name: 'Unknown, by look-alike' }))
    .toHaveAttribute('aria-pressed', 'true');
});

test('a look-alike’s unknown photos become a new class by keyboard alone, and the list goes on (P4-21, P4-22)', async () => {
  const { library, screen } = await open(libraryOf(12));
  await screen.getByRole('button', { name: 'Unknown, by look-alike' }).click();
  await expect.element(screen.getByText('4 of 12: guessed Raccoon, with an unknown label')).toBeVisible();
  await screen.getByRole('gridcell').first().click();
  await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
  await expect.element(screen.getByText('2 selected')).toBeVisible();
  // What the act does to the records, the library tells.
  library.assign = async (ids, label) => {
    library.acts.push(['assign', ids.length, label]);
    library.photos = library.photos.filter(({ id }) => !ids.includes(id));
    library.undoable = { kind: 'label', name: 'Coati', photos: ids.length };
    await Promise.resolve();
  };
  await screen.getByRole('combobox', { name: 'Label or new class' }).fill('Coati');
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('2 of 12: guessed Raccoon, with an unknown label')).toBeVisible();
  expect(library.acts).toEqual([
    ['create', 'sub-class', 'Coati'],
    ['assign', 2, { kind: 'sub-class', id: 'coati' }],
  ]);
  await expect.element(screen.getByText('2 photos labelled “coati”')).toBeVisible();
  await expect.element(screen.getByRole('gridcell').first()).toHaveFocus();
  await screen.getByRole('button', { name: 'Undo' }).click();
  expect(library.acts.at(-1)).toEqual(['undo']);
});

test('every photo gets its own guess in one act; a class of several labels is left to choose (P5-40)', async () => {
  const { library, screen } = await open(libraryOf(12));
  await screen.getByRole('gridcell').first().click();
  await userEvent.keyboard('{Control>}a{/Control}');
  await expect.element(screen.getByText('12 selected')).toBeVisible();
  await userEvent.keyboard('1');
  await expect.element(screen.getByText(/^8 guesses accepted; 4 left/)).toBeVisible();
  expect(library.acts).toEqual([
    [
      'parts',
      'label',
      'Red Panda, Raccoon',
      4,
      { kind: 'sub-class', id: 'red panda' },
      4,
      { kind: 'sub-class', id: 'raccoon' },
    ],
  ]);
});

test('the lowest scores are removed in one go (P4-23)', async () => {
  const { library, screen } = await open(libraryOf(12));
  await screen.getByRole('button', { name: 'Lowest scores' }).click();
  await screen.getByRole('gridcell').first().click();
  await screen.getByRole('button', { name: 'Select all' }).click();
  await screen.getByRole('button', { name: 'Remove' }).click();
  await expect.element(screen.getByText('No result fits this question.')).toBeVisible();
  expect(library.acts).toEqual([['remove', 4]]);
  await screen.getByRole('button', { name: 'Show all results' }).click();
  await expect.element(screen.getByText('8 of 12: any guess')).toBeVisible();
});

test('classes short of photos are told with their counts, and what a lower minimum would gain (P4-18, P4-19, P4-24)', async () => {
  const library = libraryOf(12);
  library.planOptions = { ...library.planOptions, minimum: 5 };
  const { screen } = await open(library);
  await screen.getByRole('button', { name: 'Classes short of photos' }).click();
  const short = screen.getByText(/^2 classes have fewer than 5 photos\./);
  await expect.element(short).toHaveTextContent('This model knows 2 of them.');
  await short.click();
  await screen.getByRole('spinbutton', { name: 'With a minimum of' }).fill('4');
  await expect.element(screen.getByText(/^1 class more would be in a model: Red Panda\./)).toBeVisible();
  await screen.getByRole('button', { name: 'Raccoon: 4' }).click();
  await expect
    .element(screen.getByText(/^4 of 12: guessed Raccoon, without a label or with an unknown one/))
    .toBeVisible();
  await expect
    .element(screen.getByRole('button', { name: 'Classes short of photos' }))
    .toHaveAttribute('aria-pressed', 'true');
});

test('a file outside the library is taken in and labelled in one go, or set aside', async () => {
  const library = libraryOf(6, jobOf({ kind: 'files', name: 'yesterday', total: 6, done: 6 }));
  const [first] = library.photos;
  library.photos = library.photos.slice(1);
  library.bulk.taken = [first?.id ?? ''];
  const { screen } = await open(library);
  await screen.getByRole('gridcell', { name: /Not in the library/ }).click();
  await expect.element(screen.getByText('1 is not in the library yet; labelling takes it in.')).toBeVisible();
  await screen.getByRole('combobox', { name: 'Label or new class' }).fill('Racc');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => library.acts).toEqual([['assign', 1, { kind: 'sub-class', id: 'raccoon' }]]);
  expect(library.bulk.acts).toEqual([['take', 'job-1', [first?.id]]]);
  await screen.getByRole('button', { name: 'Set aside' }).click();
  await expect.poll(() => library.bulk.acts).toHaveLength(2);
});

test('opened large a result shows all guesses; after a label the next one is a key away', async () => {
  const { library, screen } = await open(libraryOf(12));
  await screen.getByRole('gridcell').first().click();
  await userEvent.keyboard('{Enter}');
  const dialog = screen.getByRole('dialog', { name: 'IMG_0.jpg' });
  await expect.element(dialog.getByRole('meter', { name: 'Chimp-bonobo' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Use “chimpanzee”' }).click();
  expect(library.acts).toEqual([
    ['create', 'sub-class', 'chimpanzee'],
    ['assign', 1, { kind: 'sub-class', id: 'chimpanzee' }],
  ]);
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(screen.getByRole('dialog', { name: 'IMG_1.jpg' })).toBeVisible();
  await expect.element(screen.getByText('2 of 12', { exact: true })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(screen.getByRole('grid')).toBeVisible();
});

test('while it goes on the list stays still until somebody asks for more', async () => {
  const running = jobOf({ done: 6, status: { kind: 'running', perSecond: 3 } });
  const library = libraryOf(12, running);
  const all = library.bulk.found['job-1'] ?? [];
  library.bulk.found = { 'job-1': all.slice(0, 6) };
  const { screen } = await open(library);
  await expect.element(screen.getByText('6 of 6: any guess')).toBeVisible();
  library.bulk.found = { 'job-1': all.slice(0, 9) };
  library.bulk.jobs = [{ ...running, done: 9 }];
  library.bulk.revision += 1;
  await screen.getByRole('button', { name: 'Show 3 more' }).click();
  await expect.element(screen.getByText('9 of 9: any guess')).toBeVisible();
  library.bulk.found = { 'job-1': all };
  library.bulk.jobs = [{ ...running, done: 12, status: { kind: 'finished' } }];
  await expect.element(screen.getByText('12 of 12: any guess')).toBeVisible();
});

test('on a phone the question is asked in a dialog, and nothing is wider than the screen', async () => {
  await page.viewport(360, 740);
  const { screen } = await open(libraryOf(40));
  await screen.getByRole('button', { name: 'Change the question' }).click();
  await screen.getByRole('combobox', { name: 'Guess and label' }).selectOptions('Differ');
  await expect
    .element(screen.getByRole('dialog').getByText(/\d+ of 40: any guess, guess and label differ/))
    .toBeVisible();
  await userEvent.keyboard('{Escape}');
  await screen.getByRole('gridcell').first().click();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
});
