import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { buildDataSet } from '#shared/dataset/build.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import { benchmark, photo, photos } from '#shared/testing/library.ts';

import '../../../styles/app.css';
import { FakeLibrary, FakeModel } from '../../testing/fakes.svelte.ts';
import AddToBenchmark from '../AddToBenchmark.svelte';
import LibraryFrame from '../LibraryFrame.svelte';
import { LibrarySession } from '../session.svelte.ts';

beforeEach(async () => {
  await page.viewport(360, 740);
});

/** 130 apes of which 125 train or validate, 36 bears, and a look-alike of the first ape. */
function zoo(): FakeLibrary {
  const all = [...photos(0, 130, 'Ape'), ...photos(200, 36, 'Bear'), photo(300, null)];
  const library = new FakeLibrary(
    [...all, photo(301, 'Ape', { hash: photo(0, null).hash })],
    ['Ape', 'Bear'],
  );
  library.person = 'Ada';
  return library;
}

async function open(library: FakeLibrary) {
  const screen = await render(LibraryFrame, { library, model: new FakeModel(), path: '/library/plan' });
  screen.container.style.height = '740px';
  screen.container.style.display = 'grid';
  await expect.element(screen.getByRole('heading', { name: 'Left out, and why' })).toBeInTheDocument();
  return screen;
}

function built(library: FakeLibrary): DataSet {
  const { photos, subClasses, mergeRules, benchmarks, planOptions: options } = library;
  return buildDataSet({ photos, subClasses, mergeRules, benchmarks, options });
}

function words({ training, validation, test }: DataSet): string {
  return `${String(training.length)} for training, ${String(validation.length)} for validation, ${String(test.length)} for the test`;
}

test('the numbers are those of the trainer’s build, also after a knob was turned by keyboard (P2-36 … P2-47)', async () => {
  const library = zoo();
  const screen = await open(library);
  await expect.element(screen.getByText(words(built(library)))).toBeInTheDocument();
  await expect.element(screen.getByText('needs 4 more for 40')).toBeInTheDocument();
  const beyond = `${String(built(library).test.length)} beyond the maximum`;
  await expect.element(screen.getByText(beyond)).toBeInTheDocument();
  await screen.getByText('Numbers to build with').click();
  (screen.getByRole('slider', { name: 'Least photos of a class' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowLeft>5/}');
  await expect.poll(() => library.planOptions.minimum).toBe(35);
  await expect.element(screen.getByText('2 classes of 2 are in the model')).toBeInTheDocument();
  await expect.element(screen.getByText(words(built(library)))).toBeInTheDocument();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
});

test('a throw-away run at 35 would gain the bears, at 37 nothing (P2-05)', async () => {
  const screen = await open(zoo());
  await expect.element(screen.getByText('A throw-away run would gain 1 class: Bear')).toBeInTheDocument();
  await screen.getByRole('spinbutton', { name: 'Least photos in a throw-away run' }).fill('37');
  await expect.element(screen.getByText('A throw-away run would gain no class.')).toBeInTheDocument();
});

test('why photos were left out opens exactly those photos', async () => {
  const screen = await open(zoo());
  await screen.getByRole('button', { name: '1 without a label' }).click();
  await expect.element(screen.getByRole('dialog', { name: '1 without a label' })).toBeVisible();
  await expect.poll(() => screen.getByRole('gridcell').all().length).toBe(1);
});

test('a benchmark is made, filled, frozen; frozen ones change only after a question (P2-12 … P2-18)', async () => {
  const library = zoo();
  library.benchmarks = [{ ...benchmark('Shade', 'difficult', [[0, 'ape']]), frozenAt: null }];
  const screen = await open(library);
  await expect.element(screen.getByText(/1 look-alike is kept out of training/)).toBeInTheDocument();
  await screen.getByRole('button', { name: 'Freeze: Shade' }).click();
  await expect.poll(() => library.benchmarks[0]?.frozenAt).toBeTypeOf('string');
  expect(screen.getByRole('button', { name: 'Delete benchmark: Shade' }).query()).toBeNull();
  await screen.getByRole('button', { name: 'Unfreeze: Shade' }).click();
  expect(library.benchmarks[0]?.frozenAt).not.toBeNull();
  await screen.getByRole('button', { name: 'Unfreeze', exact: true }).click();
  await expect.poll(() => library.benchmarks[0]?.frozenAt).toBeNull();
});

test('chosen photos go into a new benchmark under what they show; unlabelled ones are out of scope', async () => {
  const library = zoo();
  const ids = [photo(0, null).id, photo(300, null).id];
  const session = new LibrarySession(library);
  let closed = 0;
  const screen = await render(AddToBenchmark, { library, session, ids, onclose: () => (closed += 1) });
  await screen.getByRole('textbox', { name: 'Name' }).fill('Hard ones');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => library.benchmarks)
    .toMatchObject([{ id: 'hard ones', items: [{ truth: 'ape' }, { truth: null }] }]);
  expect([closed, library.acts]).toEqual([1, [['parts', 'benchmark', 'Hard ones']]]);
});

test('a library that contradicts itself is told in words, and the planner goes on after it is mended', async () => {
  const library = zoo();
  library.benchmarks = [{ ...benchmark('Old', 'difficult', [[999, 'ape']]), frozenAt: null }];
  const screen = await render(LibraryFrame, { library, model: new FakeModel(), path: '/library/plan' });
  await expect.element(screen.getByText('No data set can be built')).toBeInTheDocument();
  await screen.getByRole('button', { name: 'Take missing photos out: Old' }).click();
  await expect.element(screen.getByText(words(built(library)))).toBeInTheDocument();
});
