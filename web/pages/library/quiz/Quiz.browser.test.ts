import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { labelKey, type LabelId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import type { Quiz } from '../../../state/contract.ts';
import { FakeLibrary, FakeModel, photoNamed } from '../../testing/fakes.svelte.ts';
import LibraryFrame from '../LibraryFrame.svelte';

const NAMES = ['Red Panda', 'Raccoon', 'Lion'];
const EACH = 4;

/** Milliseconds, as the room reads them. */
let now = 0;

beforeEach(async () => {
  await page.viewport(1280, 800);
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Photos whose every field tells what they show. */
function zoo(change: (photo: Photo) => Partial<Photo> = () => ({})): FakeLibrary {
  const photos = NAMES.flatMap((name, c) =>
    Array.from({ length: EACH }, (_, n) => {
      const photo = { ...photoNamed(10 * c + n + 1, name), fileName: `${name} ${String(n)}.jpg` };
      return { ...photo, opinions: [], ...change(photo) };
    }),
  );
  const library = new FakeLibrary(photos, NAMES);
  library.person = 'Ben';
  library.guessed = Object.fromEntries(photos.map(({ id }) => [id, { label: 'raccoon', score: 0.99 }]));
  return library;
}

async function open(library: FakeLibrary, model = new FakeModel()) {
  const screen = await render(LibraryFrame, { library, model, path: '/library/quiz' });
  screen.container.style.cssText = `height: ${String(window.innerHeight)}px; display: grid; grid-template-columns: minmax(0, 1fr)`;
  await expect.element(screen.getByRole('heading', { name: 'How well do you know them?' })).toBeVisible();
  return screen;
}

async function begin(library: FakeLibrary, model = new FakeModel()) {
  const screen = await open(library, model);
  await screen.getByRole('button', { name: /^Begin with/ }).click();
  await painted(1);
  return screen;
}

/** The picture of this question is on the screen. */
async function painted(at: number): Promise<void> {
  await expect.element(page.getByRole('heading', { name: `Photo ${String(at)} of` })).toBeVisible();
  await expect.poll(() => document.querySelector('[aria-busy="false"] img')).not.toBeNull();
}

/** The photo asked, as the record has it. */
const asked = (library: FakeLibrary): string | undefined => library.sittings[0]?.photos[done(library)];
const done = (library: FakeLibrary): number => library.sittings[0]?.answers.length ?? 0;

async function press(key: string, at: number): Promise<void> {
  await painted(at);
  await userEvent.keyboard(key);
}

/** Answers all of a new sitting: the right name to the first ones, none to the others. */
async function sit(library: FakeLibrary, right: number): Promise<void> {
  for (let at = 1; at <= NAMES.length * EACH; at++) {
    await painted(at);
    now += 2000;
    const truth = library.photo(asked(library) ?? '')?.label?.id;
    await userEvent.keyboard(at <= right ? `${truth ?? ''}{Enter}` : '0');
    // What is typed into the field stays there until it is left.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }
  await expect.element(page.getByRole('heading', { name: /You named/ })).toBeVisible();
}

function sitting(library: FakeLibrary, by: string, answer: LabelId | null, ms: number): Quiz {
  const photos = library.photos.map(({ id }) => id);
  const answers = library.photos.map(({ id, label }) => ({
    photo: id,
    truth: label?.id as LabelId,
    answer,
    ms,
  }));
  const at = '2026-05-01T09:30:00.000Z';
  return { v: 1, id: by, by, at, seed: 7, from: 'All', benchmark: null, photos, answers, finishedAt: at };
}

describe('P6-28 blind', () => {
  test('neither label, file name, id nor the model’s guess is anywhere in the page', async () => {
    const library = zoo();
    const model = new FakeModel();
    const identify = vi.fn(model.identify);
    model.identify = identify;
    await begin(library, model);
    const html = document.documentElement.outerHTML.toLowerCase();
    for (const { id, fileName } of library.photos) {
      expect(html).not.toContain(id);
      expect(html).not.toContain(fileName.toLowerCase());
    }
    for (const name of NAMES) expect(document.body.innerHTML.toLowerCase()).not.toContain(name.toLowerCase());
    expect(document.querySelector('[aria-busy] img')?.getAttribute('alt')).toBe('Photo 1 of 12, to be named');
    expect(document.querySelector('[aria-busy] [title]')).toBeNull();
    expect(identify).not.toHaveBeenCalled();
  });

  test('what is offered is every class, and only those that this sitting has named have keys', async () => {
    const library = zoo();
    const screen = await begin(library);
    await screen.getByRole('combobox').click();
    await expect.poll(() => screen.getByRole('option').all().length).toBe(NAMES.length);
    await userEvent.keyboard('lio{Enter}');
    await painted(2);
    await expect
      .element(screen.getByRole('button', { name: 'Lion' }))
      .toHaveAttribute('aria-keyshortcuts', '1');
    expect(screen.getByRole('button', { name: 'Raccoon' }).query()).toBeNull();
  });

  test('photos that this person named are left out while there are others; what there is is said', async () => {
    const own = (photo: Photo): Partial<Photo> =>
      photo.label?.id === 'lion' ? { opinions: [{ by: 'Ben', at: photo.addedAt, label: photo.label }] } : {};
    const library = zoo(own);
    const screen = await open(library);
    await expect.element(screen.getByText('There are only 12: all of them are asked.')).toBeVisible();
    await expect.element(screen.getByText(/so 4 of the photos that you named are asked, too/)).toBeVisible();
    library.person = 'Ada';
    await expect.element(screen.getByText(/Leave out the/)).not.toBeInTheDocument();
  });
});

describe('P6-28 time', () => {
  test('counts from the picture to the answer; an answer to no picture is none; keys that are held are not heard', async () => {
    const library = zoo();
    const held = Promise.withResolvers<string>();
    const image = library.image;
    library.image = () => held.promise;
    const screen = await open(library);
    await screen.getByRole('button', { name: /^Begin with/ }).click();
    await expect.element(screen.getByText('Fetching the photo …')).toBeVisible();
    now += 5000;
    await userEvent.keyboard('0');
    expect(done(library)).toBe(0);
    held.resolve(await image('1'));
    await painted(1);
    now += 1234;
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '0', bubbles: true, repeat: true }));
    await userEvent.keyboard('0');
    await painted(2);
    expect(library.sittings[0]?.answers).toMatchObject([{ answer: null, ms: 1234 }]);
  });

  test('pauses are taken out: by key, and when nobody can see the page; the picture is covered', async () => {
    const library = zoo();
    const screen = await begin(library);
    now += 1000;
    await userEvent.keyboard('{Escape}');
    await expect.element(screen.getByRole('heading', { name: 'Pause' })).toBeVisible();
    expect(document.querySelector('.asking img')).toBeNull();
    await userEvent.keyboard('0');
    now += 60_000;
    await expect.element(screen.getByRole('button', { name: 'Go on' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await painted(1);
    now += 500;
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    now += 60_000;
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    await expect.element(screen.getByRole('heading', { name: 'Pause' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await painted(1);
    now += 250;
    await userEvent.keyboard('rac{Enter}');
    await painted(2);
    expect(library.sittings[0]?.answers).toMatchObject([{ answer: 'raccoon', ms: 1750 }]);
  });
});

describe('P6-28 a sitting', () => {
  test('goes on after a reload where it was, and there is no way back', async () => {
    const library = zoo();
    const screen = await begin(library);
    await press('lion{Enter}', 1);
    await press('{Escape}', 2);
    await screen.getByRole('button', { name: 'Leave it for now' }).click();
    await expect.element(screen.getByText(/All labelled photos: 1 of 12 photos named/)).toBeVisible();
    await screen.unmount();

    const again = await open(library);
    await again.getByRole('button', { name: 'Go on' }).click();
    await painted(2);
    await expect.element(again.getByText('Photo 1: Lion')).toBeVisible();
    await userEvent.keyboard('{ArrowLeft}{Backspace}z');
    await expect.element(again.getByRole('heading', { name: 'Photo 2 of 12' })).toBeVisible();
    expect(again.getByRole('button', { name: /Back|Undo/ }).query()).toBeNull();
  });

  test('the same number asks the same photos; the photos of a sitting can be named by somebody else', async () => {
    const library = zoo();
    const seed = (): ReturnType<typeof page.getByRole> =>
      page.getByRole('spinbutton', { name: 'Number of the sample' });
    for (const person of ['Ben', 'Ada']) {
      library.person = person;
      const screen = await open(library);
      await seed().fill('42');
      await screen.getByRole('button', { name: /^Begin with/ }).click();
      await painted(1);
      await screen.unmount();
    }
    const [second, first] = library.sittings;
    expect(second?.photos).toEqual(first?.photos);
    library.sittings = [sitting(library, 'Zoe', labelKey('Lion'), 1000)];
    const screen = await open(library);
    await screen.getByRole('button', { name: /Name the same photos as Zoe/ }).click();
    await painted(1);
    expect(library.sittings[0]).toMatchObject({ by: 'Ada', photos: library.sittings[1]?.photos });
  });

  test('a photo that cannot be shown is left out, one that is gone is passed over', async () => {
    const library = zoo();
    const image = library.image;
    let broken = '';
    library.image = (id) => (id === broken ? Promise.reject(new Error('It is damaged.')) : image(id));
    const screen = await begin(library);
    broken = library.sittings[0]?.photos[3] ?? '';
    await press('0', 1);
    await painted(2);
    const gone = library.sittings[0]?.photos[2];
    library.photos = library.photos.filter(({ id }) => id !== gone);
    await press('0', 2);
    await expect.element(screen.getByText('This photo cannot be shown: It is damaged.')).toBeVisible();
    await screen.getByRole('button', { name: 'Go on without it' }).click();
    await painted(3);
    expect(library.sittings[0]?.photos).not.toContain(broken);
  });

  test('without a name it is asked for first; without labels there is nothing to ask', async () => {
    const library = zoo();
    library.person = '';
    const screen = await open(library);
    await screen.getByRole('button', { name: /^Begin with/ }).click();
    await screen.getByRole('textbox', { name: 'Your name' }).fill('Cleo');
    await userEvent.keyboard('{Enter}');
    await painted(1);
    expect(library.sittings[0]?.by).toBe('Cleo');
    await screen.unmount();
    const empty = await open(new FakeLibrary([photoNamed(1, null)], NAMES));
    await expect.element(empty.getByText(/There is nothing to ask yet/)).toBeVisible();
  });
});

describe('P6-28 the result, at 360 px', () => {
  beforeEach(async () => {
    await page.viewport(360, 740);
  });

  test('stands beside the version on the very same photos; what both missed opens with its label', async () => {
    const library = zoo();
    const screen = await begin(library);
    await sit(library, 9);
    await expect.element(screen.getByRole('heading', { name: 'You named 9 of 12' })).toBeVisible();
    const row = (name: string): ReturnType<typeof screen.getByRole> =>
      screen.getByRole('table', { name: 'Figures' }).getByRole('row', { name });
    await expect.element(row('Named right')).toHaveTextContent(/9 \(75 %\)\s*4 \(33 %\)/);
    await expect.element(row('95 % interval')).toHaveTextContent(/47–91 %\s*14–61 %/);
    await expect.element(row('Answered, and wrong')).toHaveTextContent(/0 \(0 %\)\s*8 \(67 %\)/);
    await expect.element(row('Not answered')).toHaveTextContent(/3 \(25 %\)\s*0 \(0 %\)/);
    await expect.element(row('Seconds a photo, median')).toHaveTextContent(/2.0\s*not measured/);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
    const groups = screen.getByRole('group', { name: 'Missed by whom' });
    const words = groups
      .getByRole('button')
      .all()
      .map((b) => b.element().textContent.trim());
    const count = (text: string): number => Number(/\d+$/.exec(text)?.[0]);
    expect(words.map((text) => text.replace(/\d+$/, 'n'))).toEqual([
      'Both: n',
      'Only You: n',
      'Only Version 7: n',
    ]);
    expect(count(words[0] ?? '') + count(words[1] ?? '')).toBe(3);
    expect(count(words[0] ?? '') + count(words[2] ?? '')).toBe(8);
    await groups.getByRole('button', { name: /Only Version 7/ }).click();
    await screen
      .getByRole('button', { name: /^Look at it: labelled/ })
      .first()
      .click();
    await expect.element(screen.getByRole('dialog')).toBeVisible();
  });

  test('photos that the version has not looked at are said, and it can be let look', async () => {
    const library = zoo();
    library.guessed = {};
    library.sittings = [sitting(library, 'Ben', labelKey('Lion'), 1000)];
    const screen = await open(library);
    await screen.getByRole('button', { name: /^Results: Ben/ }).click();
    await expect
      .element(screen.getByText('Version 7 has not looked at 12 of these photos yet.'))
      .toBeVisible();
    await screen.getByRole('button', { name: 'Let it look' }).click();
    await expect.poll(() => library.acts).toContainEqual(['see', 7]);
    await expect
      .element(screen.getByRole('table', { name: 'Taken for another one' }))
      .toHaveTextContent(/Raccoon taken for Lion/);
  });

  test('two sittings on the same photos are compared; one that is deleted can be taken back', async () => {
    const library = zoo();
    const [ada, ben] = [sitting(library, 'Ada', labelKey('Lion'), 3000), sitting(library, 'Ben', null, 1000)];
    library.sittings = [ada, ben];
    const model = new FakeModel();
    model.status = { kind: 'none' };
    model.eyes = () => Promise.resolve(null);
    const screen = await open(library, model);
    await screen.getByRole('button', { name: /^Delete: Ada/ }).click();
    await expect.element(screen.getByRole('button', { name: /^Results: Ada/ })).not.toBeInTheDocument();
    await screen.getByRole('button', { name: 'Undo', exact: true }).click();
    await screen.getByRole('button', { name: /^Results: Ada/ }).click();
    await expect.element(screen.getByRole('heading', { name: 'Ada named 4 of 12' })).toBeVisible();
    await screen.getByRole('combobox', { name: 'Set beside' }).selectOptions('Ben');
    const figures = screen.getByRole('table', { name: 'Figures' });
    await expect
      .element(figures.getByRole('row', { name: 'Named right' }))
      .toHaveTextContent(/4 \(33 %\)\s*0 \(0 %\)/);
    await expect.element(figures.getByRole('row', { name: 'Seconds' })).toHaveTextContent(/3.0\s*1.0/);
    await expect
      .element(screen.getByRole('button', { name: 'Both: 8' }))
      .toHaveAttribute('aria-pressed', 'true');
    await screen.getByRole('button', { name: 'Back to the start' }).click();
    await expect.element(screen.getByRole('heading', { name: 'How well do you know them?' })).toHaveFocus();
  });
});
