import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import type { LabelChoice, LibraryState } from '../../../state/contract.ts';
import { FakeLibrary, FakeModel, photoNamed, resultOf } from '../../testing/fakes.svelte.ts';
import LibraryFrame from '../LibraryFrame.svelte';

const NAMES = ['Red Panda', 'Raccoon', 'Lion'];

/** Remembers labels and faults as the real one does, so that the room can be walked through. */
class WalkedLibrary extends FakeLibrary {
  override assign: LibraryState['assign'] = async (ids, label) => {
    this.acts.push(['assign', ids.length, label?.id ?? null]);
    this.#put(ids, { label: label && { ...(label as LabelChoice & Photo['label']), by: 'Ada', at: NOW } });
    this.undoable = { kind: 'label', name: label?.id ?? '', photos: ids.length };
    await Promise.resolve();
  };
  override change: LibraryState['change'] = async (ids, change) => {
    this.acts.push(['change', ids.length, change]);
    if (change.kind === 'faults')
      this.#put(ids, { faults: [...change.add], excluded: change.add.length > 0 });
    await Promise.resolve();
  };
  #put(ids: readonly string[], fields: Partial<Photo>): void {
    this.photos = this.photos.map((p) => (ids.includes(p.id) ? { ...p, ...fields } : p));
  }
}
const NOW = '2026-06-01T09:30:00.000Z';

beforeEach(async () => {
  await page.viewport(1280, 800);
});

function unlabelled(count: number): WalkedLibrary {
  const library = new WalkedLibrary(
    Array.from({ length: count }, (_, i) => photoNamed(i, null)),
    NAMES,
  );
  library.person = 'Ada';
  return library;
}

async function open(library: FakeLibrary, model = new FakeModel()) {
  const screen = await render(LibraryFrame, { library, model, path: '/library/label' });
  screen.container.style.cssText = `height: ${String(window.innerHeight)}px; display: grid; grid-template-columns: minmax(0, 1fr)`;
  await expect.element(screen.getByRole('img', { name: /The photo IMG_/ })).toBeVisible();
  return screen;
}

function sure(): FakeModel {
  const model = new FakeModel();
  model.identify = () => Promise.resolve(resultOf(0.9, '0'.repeat(64)));
  return model;
}

describe('by keyboard', () => {
  test('P1-48 P1-49 twenty photos by the keys of the guesses; back shows what was decided', async () => {
    const library = unlabelled(20);
    const screen = await open(library, sure());
    for (let i = 0; i < 20; i++) {
      await expect.element(screen.getByText(`${String(i + 1)} of 20`)).toBeVisible();
      await expect.element(screen.getByRole('button', { name: /^Red Panda.*90 of 100/s })).toBeVisible();
      await userEvent.keyboard('1');
    }
    await expect.element(screen.getByRole('heading', { name: 'All through' })).toBeVisible();
    expect(library.acts.filter((a) => (a as string[])[0] === 'assign')).toEqual(
      Array.from({ length: 20 }, () => ['assign', 1, 'red panda']),
    );
    await userEvent.keyboard('{ArrowLeft}');
    await expect.element(screen.getByText('Now: Red Panda, said by Ada')).toBeVisible();
  }, 60_000);

  test('without a model the search, used labels and unknown labels do', async () => {
    const library = unlabelled(6);
    const model = new FakeModel();
    model.status = { kind: 'none' };
    const screen = await open(library, model);
    await userEvent.keyboard('/');
    await expect.element(screen.getByRole('combobox', { name: 'Search or new label' })).toHaveFocus();
    await userEvent.keyboard('Lio{Enter}');
    await expect.element(screen.getByText('2 of 6')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await userEvent.keyboard('4');
    await expect.element(screen.getByText('3 of 6')).toBeVisible();
    await userEvent.keyboard('u');
    await expect.element(screen.getByText('4 of 6')).toBeVisible();
    expect(library.acts.filter((a) => (a as string[])[0] !== 'measure')).toEqual([
      ['assign', 1, 'lion'],
      ['assign', 1, 'lion'],
      ['create', 'unknown', 'Unknown'],
      ['assign', 1, 'unknown'],
    ]);
  });

  test('P1-50 the search has the keyboard at once: a letter typed right after its key is not lost', async () => {
    await page.viewport(700, 800);
    const screen = await open(unlabelled(2));
    await screen.getByRole('button', { name: 'Faults', exact: true }).click();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
    expect(document.activeElement?.getAttribute('role')).toBe('combobox');
  });

  test('P1-43 the last decision stays in sight; undo goes back to its photo', async () => {
    const library = unlabelled(3);
    const screen = await open(library, sure());
    await expect.element(screen.getByRole('button', { name: /^Red Panda/ })).toBeVisible();
    await userEvent.keyboard('1');
    await expect.element(screen.getByText('“Red Panda” given', { exact: true })).toBeVisible();
    await userEvent.keyboard('z');
    await expect.element(screen.getByText('1 of 3')).toBeVisible();
    expect(library.acts).toContainEqual(['undo']);
  });

  test('P1-34 a fault is one key, says what it does and stays on the photo', async () => {
    const library = unlabelled(2);
    const screen = await open(library);
    await userEvent.keyboard('b');
    await expect
      .element(screen.getByRole('button', { name: /^Blurry/ }))
      .toHaveAttribute('aria-pressed', 'true');
    await expect.element(screen.getByText('1 of 2')).toBeVisible();
    await expect.element(screen.getByText(/It is not deleted/)).toBeVisible();
    expect(library.acts).toContainEqual(['change', 1, { kind: 'faults', add: ['blurry'], remove: [] }]);
  });

  test('a hint is only suggested; one key accepts it', async () => {
    const library = unlabelled(1);
    const quality = { brightness: 0.5, contrast: 0.2, shadows: 0, highlights: 0, backlight: 0 };
    library.photos = library.photos.map((p) => ({
      ...p,
      quality: { ...quality, sharpness: 0.01, coverage: 0.5 },
    }));
    const screen = await open(library);
    await expect.element(screen.getByText('Perhaps blurry?')).toBeVisible();
    expect(library.acts.filter((a) => (a as string[])[0] === 'change')).toEqual([]);
    await userEvent.keyboard('h');
    await expect.element(screen.getByText('Perhaps blurry?')).not.toBeInTheDocument();
    expect(library.acts).toContainEqual(['change', 1, { kind: 'faults', add: ['blurry'], remove: [] }]);
  });

  test('keys can be changed, a conflict is told, and all can be set back', async () => {
    const library = unlabelled(3);
    const screen = await open(library);
    await userEvent.keyboard('?');
    await screen.getByRole('button', { name: 'Change the key for: Skip. Now →.' }).click();
    await userEvent.keyboard('b');
    await expect.element(screen.getByText('Two acts have this key; only the first one works.')).toBeVisible();
    await screen.getByRole('button', { name: 'Change the key for: Skip. Now B.' }).click();
    await userEvent.keyboard('s');
    expect(library.keys).toEqual([{ action: 'skip', key: 's' }]);
    await userEvent.keyboard('{Escape}s');
    await expect.element(screen.getByText('2 of 3')).toBeVisible();
    await userEvent.keyboard('?');
    await screen.getByRole('button', { name: 'All usual keys' }).click();
    expect(library.keys).toEqual([]);
  });

  test('a label that could not be saved brings its photo back, with the reason', async () => {
    const library = unlabelled(2);
    library.assign = () => Promise.reject(new Error('The disk is full.'));
    const screen = await open(library, sure());
    await expect.element(screen.getByRole('button', { name: /^Red Panda/ })).toBeVisible();
    await userEvent.keyboard('1');
    await expect.element(screen.getByText(/The disk is full/)).toBeVisible();
    await expect.element(screen.getByText('1 of 2')).toBeVisible();
  });
});

test('P6-09 P6-10 P6-11 the zoo’s own guidance has words and examples, shown as text', async () => {
  const library = unlabelled(2);
  const screen = await open(library);
  await screen.getByRole('button', { name: 'Change the words' }).click();
  await screen.getByRole('textbox', { name: /good photo/ }).fill('<b>Show the ears</b>');
  await screen.getByRole('button', { name: 'Save' }).click();
  await expect.element(screen.getByText('<b>Show the ears</b>')).toBeVisible();
  await screen.getByRole('button', { name: 'This is a bad example' }).click();
  await expect.element(screen.getByRole('list', { name: 'Bad examples' })).toBeVisible();
  expect(library.guidance?.bad).toEqual([library.photos[0]?.id]);
});

test('by thumb at 360 px: everything is in reach and nothing overflows', async () => {
  await page.viewport(360, 740);
  const library = unlabelled(4);
  library.photos = library.photos.map((p) => ({ ...p, label: null }));
  const screen = await open(library, sure());
  await screen.getByRole('button', { name: /^Red Panda/ }).click();
  await expect.element(screen.getByText('2 of 4')).toBeVisible();
  await screen.getByRole('button', { name: 'Faults' }).click();
  await screen.getByRole('button', { name: /^Too far/ }).click();
  await screen.getByRole('button', { name: 'Skip' }).click();
  await expect.element(screen.getByText('3 of 4')).toBeVisible();
  await screen.getByRole('button', { name: 'Guidance' }).click();
  await expect.element(screen.getByText(/80 to 90 %/)).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  for (const button of document.querySelectorAll<HTMLElement>('.room button')) {
    if (button.offsetParent === null) continue;
    const { width, height } = button.getBoundingClientRect();
    expect(Math.min(width, height), button.textContent).toBeGreaterThanOrEqual(44);
  }
});

test('a queue of one label is checked whole, its labels confirmed with one key', async () => {
  const library = unlabelled(0);
  library.photos = [photoNamed(1, 'Lion'), photoNamed(2, 'Lion'), photoNamed(3, 'Raccoon')];
  const screen = await open(library);
  await screen.getByRole('combobox', { name: 'Order' }).selectOptions('One label, to check it');
  await expect.element(screen.getByText('1 of 2')).toBeVisible();
  await expect
    .element(screen.getByRole('combobox', { name: 'Label to check' }))
    .toHaveValue(`sub-class ${labelKey('Lion')}`);
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard('g');
  await expect.element(screen.getByText('2 of 2')).toBeVisible();
  expect(library.acts).toContainEqual(['assign', 1, 'lion']);
});

describe('learnt here', () => {
  const suggestion = {
    top: [
      { label: labelKey('Lion'), score: 0.61 },
      { label: labelKey('Raccoon'), score: 0.3 },
    ],
    taught: false,
  };

  function taught(library: FakeLibrary): void {
    library.learning.knowledge = { photos: 34, labels: 5 };
    library.learning.revision = 1;
    library.learning.guesses = Object.fromEntries(library.photos.map((p) => [p.id, suggestion]));
  }

  test('suggests under its own name, apart from the published model, and each has a key', async () => {
    const library = unlabelled(3);
    taught(library);
    const screen = await open(library, sure());
    await expect.element(screen.getByText(/^Learnt from 34 photos of 5 labels/)).toBeVisible();
    const learnt = screen.getByRole('region', { name: 'Learnt here' });
    const published = screen.getByRole('region', { name: 'What the published model sees' });
    await expect.element(learnt.getByRole('button', { name: /^Lion.*61 of 100/s })).toBeVisible();
    await expect.element(published.getByRole('button', { name: /^Red Panda.*90 of 100/s })).toBeVisible();
    expect(learnt.getByRole('button').elements()).toHaveLength(2);
    await userEvent.keyboard('q');
    await expect.element(screen.getByText('2 of 3')).toBeVisible();
    expect(library.acts).toContainEqual(['assign', 1, 'lion']);
    expect(library.acts).toContainEqual(['see', 7]);
  });

  test('says how many examples it takes, and that it learnt from the photo itself', async () => {
    const library = unlabelled(2);
    const screen = await open(library, sure());
    await expect.element(screen.getByText(/three photos each of two labels/)).toBeVisible();
    taught(library);
    library.learning.guesses = { [library.photos[0]!.id]: { ...suggestion, taught: true } };
    library.learning.revision += 1;
    await expect.element(screen.getByText('It has learnt from this photo itself.')).toBeVisible();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(screen.getByText(/has not looked at this photo yet/)).toBeVisible();
  });

  test('without a published model nothing is suggested, and that is said', async () => {
    const library = unlabelled(2);
    const model = new FakeModel();
    model.status = { kind: 'none' };
    const screen = await open(library, model);
    await expect.element(screen.getByText(/there is none/)).toBeVisible();
    expect(library.acts).not.toContainEqual(['see', 7]);
  });

  test('puts photos in order by what they look like, and stops when the room is left', async () => {
    const library = unlabelled(4);
    taught(library);
    library.learning.ordered = [2, 0].map((n) => library.photos[n]!.id);
    const screen = await open(library, sure());
    const order = screen.getByRole('combobox', { name: 'Order' });
    await order.selectOptions('Most unsure');
    await expect.element(screen.getByText('1 of 2')).toBeVisible();
    await order.selectOptions('Most alike');
    await expect.element(screen.getByRole('combobox', { name: 'Like what' })).toHaveValue('');
    await vi.waitFor(() => {
      expect(library.learning.asked).toEqual([
        { kind: 'unsure' },
        { kind: 'alike', photo: library.photos[2]!.id },
      ]);
    });
    library.learning.ordered = [];
    await order.selectOptions('Odd one out');
    await expect.element(screen.getByText(/photos that a published model has looked at/)).toBeVisible();
    void screen.unmount();
    expect(library.learning.status).toBe('off');
    expect(library.acts).toContainEqual(['stop seeing']);
  });
});
