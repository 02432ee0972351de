import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { labelKey } from '#shared/schema/names.ts';
import { mergeRule } from '#shared/testing/library.ts';

import '../../../styles/app.css';
import { FakeLibrary, FakeModel, photoNamed } from '../../testing/fakes.svelte.ts';
import LibraryFrame from '../LibraryFrame.svelte';

const HOSTILE = '<img src=x onerror=alert(1)>';
const NAMES = ['Chimp', 'Bonobo', HOSTILE];

beforeEach(async () => {
  await page.viewport(360, 740);
});

async function open(change: (library: FakeLibrary) => void = () => undefined, model = new FakeModel()) {
  const photos = Array.from({ length: 9 }, (_, i) => photoNamed(i, NAMES[i % 2] ?? null));
  const library = new FakeLibrary(photos, NAMES);
  library.person = 'Ada';
  change(library);
  const screen = await render(LibraryFrame, { library, model, path: '/library/classes' });
  screen.container.style.height = '740px';
  screen.container.style.display = 'grid';
  await expect.element(screen.getByRole('heading', { name: 'Merged classes' })).toBeInTheDocument();
  return { library, screen };
}

function press(name: string | RegExp): void {
  (page.getByRole('button', { name }).element() as HTMLElement).focus();
}

test('two labels are merged by keyboard with a note, at 360 px; no photo is touched (P1-51, P1-59)', async () => {
  const { library, screen } = await open();
  for (const name of ['Chimp', 'Bonobo']) {
    (screen.getByRole('checkbox', { name: `Choose “${name}”` }).element() as HTMLElement).focus();
    await userEvent.keyboard(' ');
  }
  await expect.element(screen.getByText('2 labels chosen')).toBeInTheDocument();
  press('Merge');
  await userEvent.keyboard('{Enter}');
  await expect
    .element(screen.getByRole('textbox', { name: 'Name of the class' }))
    .toHaveValue('Chimp-Bonobo');
  await screen.getByRole('textbox', { name: 'Note for guests' }).fill('Look at the hair.');
  (screen.getByRole('textbox', { name: 'Name of the class' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => library.mergeRules)
    .toMatchObject([{ id: 'chimp-bonobo', subClasses: ['chimp', 'bonobo'], note: 'Look at the hair.' }]);
  expect(library.acts).toEqual([['parts', 'merge', 'Chimp-Bonobo']]);
  await expect.element(screen.getByText('Part of “Chimp-Bonobo”').first()).toBeInTheDocument();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
});

test('an impossible merge is refused with its reason (P1-51)', async () => {
  const { library, screen } = await open((l) => {
    l.mergeRules = [mergeRule('Apes', 'chimp', 'bonobo')];
  });
  await screen.getByRole('button', { name: 'Change: Apes' }).click();
  await screen.getByRole('textbox', { name: 'Name of the class' }).fill(HOSTILE);
  await expect.element(screen.getByText('There is another class or label called')).toBeInTheDocument();
  await screen.getByRole('button', { name: 'Save' }).click();
  expect(library.acts).toEqual([]);
});

test('a split puts exactly its photos up for a second look, which works them off (P1-56, P1-57, P1-60)', async () => {
  const { library, screen } = await open((l) => {
    l.mergeRules = [mergeRule('Apes', 'chimp', 'bonobo')];
  });
  press('Split: Apes');
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByRole('dialog', { name: 'Split “Apes”' })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('“Apes”: 9 photos to look at')).toBeInTheDocument();
  expect(library.mergeRules).toEqual([]);
  expect(library.confused.pairs).toHaveLength(2);
  press('Look at them');
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('9 photos shown')).toBeInTheDocument();
  press('Select all');
  await userEvent.keyboard('{Enter}');
  press('Labels are right');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => library.acts.slice(1))
    .toEqual([
      ['assign', 5, { kind: 'sub-class', id: 'chimp' }],
      ['assign', 4, { kind: 'sub-class', id: 'bonobo' }],
    ]);
});

test('another spelling touches no photo, another name gives the photos another label', async () => {
  const { library, screen } = await open();
  await screen.getByRole('button', { name: 'Rename: Chimp' }).click();
  await screen.getByRole('textbox', { name: 'New name' }).fill('CHIMP');
  await expect.element(screen.getByText('Only the spelling changes; no photo is touched.')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => library.acts).toEqual([['parts', 'rename', 'CHIMP']]);
  await screen.getByRole('button', { name: 'Rename: CHIMP' }).click();
  await screen.getByRole('textbox', { name: 'New name' }).fill('Chimpanzee');
  await expect.element(screen.getByText('This is another label: 5 photos get it')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => library.acts.slice(1))
    .toEqual([
      // One act: one undo takes all of it back.
      ['parts', 'rename', 'Chimpanzee', 5, { kind: 'sub-class', id: 'chimpanzee' }],
    ]);
});

test('a label without photos can go, one with photos can not; markup in names is text', async () => {
  const { library, screen } = await open();
  expect(document.querySelector('img[src="x"]')).toBeNull();
  expect(screen.getByRole('button', { name: 'Delete: Chimp' }).query()).toBeNull();
  await screen.getByRole('button', { name: `Delete: ${HOSTILE}` }).click();
  await expect.poll(() => library.subClasses.map((s) => s.name)).toEqual(['Chimp', 'Bonobo']);
});

test('P1-44 an unknown label is made, renamed and deleted here too', async () => {
  const { library, screen } = await open();
  library.createLabel = async (kind, name) => {
    library.acts.push(['create', kind, name]);
    library.unknownLabels = [
      { v: 1, id: labelKey(name), name, createdAt: '2026-05-01T09:30:00.000Z', createdBy: 'Ada' },
    ];
    await Promise.resolve();
    return { kind, id: labelKey(name) };
  };
  await screen.getByRole('searchbox', { name: 'Find a label' }).fill('Unknown Ape');
  await screen.getByRole('button', { name: /^New unknown/ }).click();
  await screen.getByRole('button', { name: 'Rename: Unknown Ape' }).click();
  await screen.getByRole('textbox', { name: 'New name' }).fill('Bonobo');
  await expect.element(screen.getByText(/already that is not an unknown one/)).toBeVisible();
  await screen.getByRole('textbox', { name: 'New name' }).fill('Some ape');
  await userEvent.keyboard('{Enter}');
  await screen.getByRole('button', { name: 'Delete: Some ape' }).click();
  await expect.poll(() => library.unknownLabels.map((u) => u.name)).toEqual(['Unknown Ape']);
  expect(library.acts).toEqual([
    ['create', 'unknown', 'Unknown Ape'],
    ['parts', 'rename', 'Some ape', 0, { kind: 'unknown', id: 'some ape' }],
    ['parts', 'delete', 'Some ape'],
  ]);
});

test('a confused pair is added for both directions, weighed and removed (P3-13 … P3-17)', async () => {
  const { library, screen } = await open();
  await screen.getByRole('combobox', { name: 'Shows' }).selectOptions('Chimp');
  await screen.getByRole('combobox', { name: 'Taken for' }).selectOptions('Bonobo');
  await screen.getByRole('button', { name: 'Add pair' }).click();
  await expect.poll(() => library.confused.pairs.map((p) => p.weight)).toEqual([0.5, 0.5]);
  await screen.getByRole('spinbutton', { name: 'Weight of Chimp taken for Bonobo' }).fill('0.3');
  await userEvent.keyboard('{Tab}');
  await expect.poll(() => library.confused.pairs.map((p) => p.weight).sort()).toEqual([0.3, 0.5]);
  await screen.getByRole('button', { name: 'Remove Bonobo taken for Chimp' }).click();
  await expect.poll(() => library.confused.pairs.map((p) => [p.truth, p.weight])).toEqual([['chimp', 0.3]]);
});

test('P3-13 confusions of the published model are proposed with their evidence, and noted or dismissed singly', async () => {
  const model = new FakeModel();
  const [chimp, bonobo, gone] = [labelKey('Chimp'), labelKey('Bonobo'), labelKey('No longer here')];
  model.confusions = () =>
    Promise.resolve({
      version: 12,
      pairs: [
        { truth: bonobo, predicted: chimp, count: 7, of: 40 },
        { truth: gone, predicted: chimp, count: 6, of: 9 },
        { truth: chimp, predicted: bonobo, count: 3, of: 50 },
        { truth: chimp, predicted: labelKey(HOSTILE), count: 1, of: 50 },
      ],
    });
  const { library, screen } = await open(undefined, model);
  await expect
    .element(screen.getByText('Bonobo taken for Chimp 7 times of 40, version 12'))
    .toBeInTheDocument();
  expect(screen.getByText(/taken for .* times of/).elements()).toHaveLength(2);
  expect(library.acts).toEqual([]);
  await screen.getByRole('button', { name: 'Note Bonobo taken for Chimp as commonly confused' }).click();
  await expect.poll(() => library.confused.pairs).toEqual([{ truth: bonobo, predicted: chimp, weight: 0.5 }]);
  await screen.getByRole('button', { name: 'Do not note Chimp taken for Bonobo' }).click();
  await expect.poll(() => library.dismissedPairs).toEqual([{ truth: chimp, predicted: bonobo }]);
  await expect.element(screen.getByText(/taken for .* times of/)).not.toBeInTheDocument();
  expect(library.confused.pairs).toHaveLength(1);
});
