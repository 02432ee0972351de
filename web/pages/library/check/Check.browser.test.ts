import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { packPhotoIds } from '#shared/metrics/photo-ids.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import type { EvidenceState } from '../../../state/contract-evidence.ts';
import type { LibraryState } from '../../../state/contract.ts';
import type { Services } from '../../services.ts';
import { FakeLibrary, FakeModel, LABELS, photoNamed, pictureUrl } from '../../testing/fakes.svelte.ts';
import LibraryFrame from '../LibraryFrame.svelte';

const NAMES = ['Red Panda', 'Raccoon', 'Chimpanzee', 'Bonobo'];
const id = (n: number): string => photoNamed(n, null).id;

/** Remembers labels, faults and removals as the real one does, and takes the last of them back. */
class CheckedLibrary extends FakeLibrary {
  #before: readonly Photo[] = [];

  override assign: LibraryState['assign'] = async (ids, label) => {
    this.acts.push(['assign', ids, label?.id ?? null]);
    const at = new Date().toISOString();
    this.#put(ids, { label: label && { kind: label.kind, id: labelKey(label.id), by: 'Ada', at } });
    await Promise.resolve();
  };
  override change: LibraryState['change'] = async (ids, change) => {
    this.acts.push(['change', ids, change]);
    const at = new Date().toISOString();
    if (change.kind === 'faults')
      this.#put(ids, {
        faults: [...change.add],
        excluded: change.add.length > 0,
        stamps: [{ field: 'excluded', by: 'Ada', at }],
      });
    await Promise.resolve();
  };
  override remove: LibraryState['remove'] = async (ids, fault) => {
    this.acts.push(['remove', ids, fault]);
    this.#keep();
    this.photos = this.photos.filter((p) => !ids.includes(p.id));
    await Promise.resolve();
  };
  override undo = async (): Promise<void> => {
    this.acts.push(['undo']);
    this.photos = this.#before;
    await Promise.resolve();
  };
  #put(ids: readonly string[], fields: Partial<Photo>): void {
    this.#keep();
    this.photos = this.photos.map((p) => (ids.includes(p.id) ? { ...p, ...fields } : p));
  }
  #keep(): void {
    this.#before = this.photos;
    this.undoable = { kind: 'label', name: '', photos: 1 };
  }
}

/** Three red pandas taken for raccoons, a raccoon that is right but low, an ape that is sure; apes are one class. */
function zoo(): CheckedLibrary {
  const photos = [
    photoNamed(1, 'Red Panda'),
    photoNamed(2, 'Red Panda'),
    photoNamed(3, 'Red Panda'),
    photoNamed(4, 'Raccoon'),
    photoNamed(5, 'Bonobo'),
    photoNamed(6, 'Red Panda'),
    photoNamed(7, 'Raccoon'),
  ];
  const library = new CheckedLibrary(photos, NAMES);
  library.person = 'Ada';
  const [panda, raccoon] = [labelKey('Red Panda'), labelKey('Raccoon')];
  library.checking.tops = {
    [id(1)]: [
      { label: raccoon, score: 0.99 },
      { label: panda, score: 0.01 },
    ],
    [id(2)]: [{ label: raccoon, score: 0.8 }],
    [id(3)]: [{ label: raccoon, score: 0.7 }],
    [id(4)]: [
      { label: raccoon, score: 0.6 },
      { label: panda, score: 0.3 },
    ],
    [id(5)]: [{ label: labelKey('Chimp-bonobo'), score: 0.99 }],
    [id(6)]: [{ label: panda, score: 0.99 }],
  };
  library.learning.near = {
    [panda]: [id(6), id(1), id(2), id(3)],
    [raccoon]: [id(7), id(4)],
  };
  return library;
}

beforeEach(async () => {
  await page.viewport(1280, 800);
});

async function open(library: FakeLibrary, model = new FakeModel(), openEvidence?: Services['openEvidence']) {
  const props = { library, model, path: '/library/check', ...(openEvidence && { openEvidence }) };
  const screen = await render(LibraryFrame, props);
  screen.container.style.cssText = `height: ${String(window.innerHeight)}px; display: grid; grid-template-columns: minmax(0, 1fr)`;
  return screen;
}

/** Begins the pass of everything doubtful. */
async function begin(library: FakeLibrary) {
  const screen = await open(library);
  await screen.getByRole('button', { name: 'Check 4 photos' }).click();
  await expect.element(screen.getByText('1 of 4')).toBeVisible();
  (document.activeElement as HTMLElement).blur();
  return screen;
}

const acts = (library: FakeLibrary, kind: string): unknown[] =>
  library.acts.filter((act) => (act as string[])[0] === kind);

describe('what is to be checked', () => {
  test('P3-57 P3-63 wrong and low photos come by themselves, pairs with counts', async () => {
    const screen = await open(zoo());
    await expect.element(screen.getByText('3 taken for something else')).toBeVisible();
    await expect.element(screen.getByText('1 right, but below 95 of 100')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: '3 × Red Panda → Raccoon' })).toBeVisible();
    await expect.element(screen.getByText('1 labelled photo was not looked at yet.')).toBeVisible();
  });

  test('P3-10 P3-11 P3-64 both classes whole are one step; so is a class, a label, a part of the data set', async () => {
    const library = zoo();
    library.planned = { training: [id(1), id(6)], validation: [], test: [] };
    const screen = await open(library);
    await screen.getByRole('button', { name: 'Red Panda and Raccoon, both classes whole (5)' }).click();
    await expect.element(screen.getByText('1 of 5')).toBeVisible();
    await screen.getByRole('button', { name: 'Other photos' }).click();
    await screen.getByRole('combobox', { name: 'What' }).selectOptions('A label');
    await screen.getByRole('combobox', { name: 'Which' }).selectOptions('Raccoon (2)');
    await screen.getByRole('button', { name: 'All 2 photos' }).click();
    await expect.element(screen.getByText('1 of 2')).toBeVisible();
    await screen.getByRole('button', { name: 'Other photos' }).click();
    await screen.getByRole('combobox', { name: 'What' }).selectOptions('A part of the data set');
    await expect.element(screen.getByRole('button', { name: 'All 2 photos' })).toBeVisible();
    await screen.getByRole('button', { name: 'Check 1 photo' }).click();
    await expect.element(screen.getByText('1 of 1', { exact: true })).toBeVisible();
  });

  test('labels that other photos speak against are looked for when asked, and gone through', async () => {
    const library = zoo();
    const suspect = { photo: id(6), given: labelKey('Red Panda'), suggested: labelKey('Bonobo') };
    library.learning.found = {
      errors: [{ ...suspect, selfConfidence: 0.1, margin: 0.2, rules: ['class'] }],
      photos: 6,
      labels: 3,
      leftOut: [],
      unseen: 1,
    };
    const screen = await open(library);
    await screen.getByRole('button', { name: 'Look for doubtful labels' }).click();
    await expect.element(screen.getByText('1 of 6 labels is doubted.')).toBeVisible();
    await screen.getByRole('button', { name: 'Check 1 photo' }).click();
    await expect.element(screen.getByText('Looks like Bonobo, say your other photos')).toBeVisible();
    await userEvent.keyboard('1');
    expect(library.acts).toContainEqual(['assign', [id(6)], 'bonobo']);
  });

  test('photos picked in the grid are begun at once', async () => {
    const library = zoo();
    library.checking.pick([id(7), id(5)]);
    const screen = await open(library);
    await expect.element(screen.getByText('1 of 2')).toBeVisible();
    await expect.element(screen.getByText('The model has not looked at this one')).toBeVisible();
  });

  test('P3-03 the scores that the version was published with are another source, and know the sets', async () => {
    const library = zoo();
    const best = Int32Array.of(1, 0);
    const scores = {
      version: 7,
      labels: LABELS,
      sets: [{ name: 'validation', kind: null, rows: 2 }],
      rows: 2,
      threshold: 0.95,
      verdicts: () =>
        Promise.resolve({
          photos: packPhotoIds([id(6), id(7)]),
          truths: Int32Array.of(0, 1),
          best,
          bestScores: Float64Array.of(0.9, 0.8),
          truthScores: Float64Array.of(0.1, 0.2),
        }),
      close: () => undefined,
    };
    const evidence = { openScores: () => Promise.resolve(scores) } as unknown as EvidenceState;
    const screen = await open(library, new FakeModel(), () => Promise.resolve(evidence));
    await screen
      .getByRole('combobox', { name: 'Whose verdicts' })
      .selectOptions('Version 7, as published with its scores');
    await expect.element(screen.getByText('2 taken for something else')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: '1 × Raccoon → Red Panda' })).toBeVisible();
    await screen.getByRole('combobox', { name: 'What' }).selectOptions('A part of the data set');
    await screen.getByRole('button', { name: 'All 2 photos' }).click();
    await expect.element(screen.getByText('Validation photos')).toBeVisible();
  });

  test('without a model it says who makes one', async () => {
    const model = new FakeModel();
    model.status = { kind: 'none' };
    const screen = await open(zoo(), model);
    await expect.element(screen.getByText(/No model can be used yet/)).toBeVisible();
  });
});

describe('by keyboard', () => {
  test('P3-07 P3-08 P3-62 keep, relabel, fault, skip: one key each, and the end tells what was done', async () => {
    const library = zoo();
    const screen = await begin(library);
    await expect.element(screen.getByRole('heading', { name: '2. Is it Red Panda?' })).toBeVisible();
    await expect.element(screen.getByText('Guessed Raccoon')).toBeVisible();
    await userEvent.keyboard('k');
    await expect.element(screen.getByText('“Red Panda” kept', { exact: true })).toBeVisible();
    await userEvent.keyboard('1');
    await expect.element(screen.getByText('3 of 4')).toBeVisible();
    await userEvent.keyboard('b');
    await expect.element(screen.getByText('4 of 4')).toBeVisible();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(screen.getByRole('heading', { name: 'All through' })).toBeVisible();
    for (const words of ['1 kept', '1 labelled anew', '1 kept out of training', '1 left open'])
      await expect.element(screen.getByText(words, { exact: true })).toBeVisible();
    expect(library.checks).toMatchObject([{ kind: 'keep', photo: id(1), version: 7, label: 'red panda' }]);
    expect(acts(library, 'assign')).toEqual([['assign', [id(2)], 'raccoon']]);
    await expect.element(screen.getByText('No pair is left.')).toBeVisible();
  });

  test('P3-08 what was kept is not asked again for this version, unless somebody wants to', async () => {
    const library = zoo();
    const first = await begin(library);
    await userEvent.keyboard('k');
    await expect.element(first.getByText('2 of 4')).toBeVisible();
    await first.getByRole('button', { name: 'Other photos' }).click();
    await expect.element(first.getByRole('button', { name: 'Check 3 photos' })).toBeVisible();
    await first.getByRole('switch', { name: /Also ask about photos that were kept/ }).click();
    await expect.element(first.getByRole('button', { name: 'Check 4 photos' })).toBeVisible();
  });

  test('P3-09 why a photo is kept is remembered and shown', async () => {
    const library = zoo();
    const screen = await begin(library);
    await userEvent.keyboard('y');
    await screen.getByRole('radio', { name: 'Unusual angle or pose' }).click();
    await screen.getByRole('textbox', { name: /your own words/ }).fill('From below');
    await screen.getByRole('button', { name: 'Keep it', exact: true }).click();
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
    await userEvent.keyboard('{ArrowLeft}');
    await expect.element(screen.getByText('Kept by Ada: Unusual angle or pose. From below')).toBeVisible();
  });

  test('P3-61 a photo goes to the bin for a fault; undone by one key, it is back', async () => {
    const library = zoo();
    const screen = await begin(library);
    await userEvent.keyboard('s');
    await expect.element(screen.getByRole('switch', { name: /go to the bin/ })).toBeChecked();
    await userEvent.keyboard('b');
    await expect.element(screen.getByText('In the bin: Blurry', { exact: true })).toBeVisible();
    expect(library.acts).toContainEqual(['remove', [id(1)], 'blurry']);
    await userEvent.keyboard('z');
    await expect.element(screen.getByText('1 of 4')).toBeVisible();
    await expect.element(screen.getByRole('img', { name: 'The photo to check, IMG_1.jpg' })).toBeVisible();
  });

  test('P3-62 any other label by the search; the label used then has a quick key', async () => {
    const library = zoo();
    const screen = await begin(library);
    await userEvent.keyboard('/');
    await userEvent.keyboard('Bono{Enter}');
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(screen.getByRole('button', { name: 'Bonobo', exact: true })).toBeVisible();
    expect(acts(library, 'assign')).toEqual([['assign', [id(1)], 'bonobo']]);
  });

  test('a sub-class of exceptions stays in the class: made, merged, given and kept in one act', async () => {
    const library = zoo();
    const screen = await begin(library);
    await userEvent.keyboard('e');
    await screen.getByRole('textbox', { name: 'Name of the sub-class' }).fill('Red Panda, wet');
    await screen.getByRole('button', { name: 'Make it and put the photo in' }).click();
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
    expect(acts(library, 'parts')).toHaveLength(1);
    expect(library.mergeRules).toMatchObject([
      { id: 'red panda', name: 'Red Panda', subClasses: ['red panda', 'red panda, wet'] },
    ]);
    expect(library.checks).toMatchObject([{ photo: id(1), label: 'red panda, wet' }]);
    expect(library.acts).toContainEqual([
      'parts',
      'label',
      'Red Panda, wet',
      1,
      { kind: 'sub-class', id: 'red panda, wet' },
    ]);
  });

  test('a photo sent to a benchmark is kept in the same act', async () => {
    const library = zoo();
    const screen = await begin(library);
    await userEvent.keyboard('v');
    await screen.getByRole('textbox', { name: 'Name', exact: true }).fill('Hard ones');
    await screen.getByRole('button', { name: 'Create' }).click();
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
    expect(library.benchmarks).toMatchObject([{ name: 'Hard ones', items: [{ photo: id(1) }] }]);
    expect(library.checks).toMatchObject([{ photo: id(1) }]);
  });

  test('keys are shown and can be changed; other rooms keep theirs', async () => {
    const library = zoo();
    library.keys = [{ action: 'learnt1', key: '+' }];
    const screen = await begin(library);
    await userEvent.keyboard('?');
    await screen.getByRole('button', { name: 'Change the key for: Keep it as it is. Now K.' }).click();
    await userEvent.keyboard('0');
    expect(library.keys).toEqual([
      { action: 'learnt1', key: '+' },
      { action: 'keep', key: '0' },
    ]);
    await userEvent.keyboard('{Escape}0');
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
  });
});

test('P3-65 after a reload the pass is where it was', async () => {
  const library = zoo();
  const screen = await begin(library);
  await userEvent.keyboard('k');
  await expect.element(screen.getByText('2 of 4')).toBeVisible();
  await screen.unmount();
  const again = await open(library);
  await expect.element(again.getByText('2 of 4')).toBeVisible();
  await expect.element(again.getByRole('img', { name: 'The photo to check, IMG_2.jpg' })).toBeVisible();
});

test('P3-58 another example of each side has a key, nearest first', async () => {
  const library = zoo();
  library.image = (photo) => Promise.resolve(`${pictureUrl('#c96')}#${photo}`);
  const screen = await begin(library);
  const sourceOf = (name: string): string | null =>
    screen.getByRole('img', { name }).element().getAttribute('src');
  await expect.element(screen.getByRole('img', { name: 'An example of Red Panda' })).toBeVisible();
  expect(sourceOf('An example of Red Panda')).toContain(id(6));
  await userEvent.keyboard('q');
  await expect.poll(() => sourceOf('An example of Red Panda')).toContain(id(2));
  expect(sourceOf('An example of Raccoon')).toContain(id(7));
  await userEvent.keyboard('r');
  await expect.poll(() => sourceOf('An example of Raccoon')).toContain(id(4));
});

test('no answer is ever shown beside another photo: examples and pictures delivered late and out of order', async () => {
  const library = zoo();
  const late: (() => void)[] = [];
  const delayed = <A extends unknown[], T>(answer: (...args: A) => Promise<T>) => {
    return (...args: A): Promise<T> =>
      new Promise((done, fail) => {
        late.push(() => void answer(...args).then(done, fail));
      });
  };
  library.learning.examples = delayed(({ photo, of }) =>
    // Each photo has examples of its own: which one it was asked for can be read off them.
    Promise.resolve({ photos: [of[0] === labelKey('Raccoon') ? id(7) : photo], compared: 1 }),
  );
  library.image = delayed((photo: string) => Promise.resolve(`${pictureUrl('#c96')}#${photo}`));
  const screen = await begin(library);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
  await expect.element(screen.getByText('2 of 4')).toBeVisible();
  // The newest first, until nothing is asked any more.
  for (let round = 0; round < 20 && late.length > 0; round++) {
    for (const deliver of late.splice(0).reverse()) {
      deliver();
      await Promise.resolve();
      const shown = document.querySelector('figure.photo img')?.getAttribute('src');
      const example = document.querySelector('figure.label img')?.getAttribute('src');
      expect([undefined, null].includes(shown as null) || shown?.includes(id(2))).toBe(true);
      expect([undefined, null].includes(example as null) || example?.includes(id(2))).toBe(true);
    }
    await new Promise((done) => setTimeout(done, 10));
  }
  await expect.element(screen.getByRole('img', { name: 'The photo to check, IMG_2.jpg' })).toBeVisible();
  expect(document.querySelector('figure.label img')?.getAttribute('src')).toContain(id(2));
});

test('by thumb at 360 px: keep, relabel and enlarge are in reach and nothing overflows', async () => {
  await page.viewport(360, 740);
  const library = zoo();
  const screen = await begin(library);
  await screen.getByRole('button', { name: 'Show large: Raccoon, an example' }).click();
  await expect.element(screen.getByRole('button', { name: 'Show large: This photo' })).toBeVisible();
  await screen.getByRole('button', { name: 'Keep Red Panda' }).click();
  await expect.element(screen.getByText('2 of 4')).toBeVisible();
  await screen.getByRole('button', { name: 'It is Raccoon' }).click();
  await expect.element(screen.getByText('3 of 4')).toBeVisible();
  await screen.getByRole('button', { name: 'Blurry' }).click();
  await expect.element(screen.getByText('4 of 4')).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  for (const button of document.querySelectorAll<HTMLElement>('.room button')) {
    if (button.offsetParent === null) continue;
    const { width, height } = button.getBoundingClientRect();
    expect(Math.min(width, height), button.textContent).toBeGreaterThanOrEqual(44);
  }
});
