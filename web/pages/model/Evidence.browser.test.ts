import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import type { GateCheck } from '#shared/schema/gate.ts';

import { FakeEvidence, FakeModelData, type FakeSet, photoAt } from '../testing/evidence.svelte.ts';
import { FakeLibrary, FakeModel, photoNamed } from '../testing/fakes.svelte.ts';
import Model from '../Model.svelte';

const TEST: FakeSet = {
  name: 'test',
  kind: null,
  rows: [
    ...Array.from({ length: 12 }, () => [0, 0, 0.99] as const),
    ...Array.from({ length: 4 }, () => [0, 0, 0.7] as const),
    [0, 1, 0.97],
    [0, 1, 0.6],
    [0, 1, 0.6],
    ...Array.from({ length: 20 }, () => [1, 1, 0.98] as const),
    [2, 2, 0.99],
  ],
};
const POPCORN: FakeSet = {
  name: 'benchmark:popcorn',
  kind: 'out-of-scope',
  rows: [
    [-1, 2, 0.98],
    [-1, 1, 0.8],
    [-1, 0, 0.3],
    [-1, 0, 0.3],
  ],
};
const CHECK: GateCheck = {
  check: 'out-of-scope-false-positive',
  set: 'benchmark:popcorn',
  target: 0.1,
  measured: 0.25,
  production: 0.5,
  outcome: 'failed',
  sentence: 'Out-of-scope benchmark “popcorn”: 25.0 % false positives (1 of 4), at most 10 % wanted.',
};

const NAMES = ['Lion', 'Zebra', 'Okapi'];

type Screen = Awaited<ReturnType<typeof open>>['screen'];

function newest(): FakeModelData {
  const model = new FakeModelData(7, NAMES, [TEST, POPCORN]);
  model.gate = {
    decision: 'no-go',
    reasons: [CHECK.sentence],
    comparedWith: null,
    checks: [CHECK],
    override: null,
  };
  return model;
}

/** Lion was recognised more seldom, Okapi was not there. */
function older(): FakeModelData {
  const rows = TEST.rows.filter(([truth]) => truth !== 2);
  const worse = rows.map(([truth, guess, score], i) => [truth, i < 8 ? 1 : guess, score] as const);
  return new FakeModelData(6, NAMES.slice(0, 2), [{ ...TEST, rows: worse }]);
}

async function open(path: string, models = [newest(), older()], library = new FakeLibrary()) {
  const evidence = new FakeEvidence(models);
  const screen = await render(Model, {
    model: new FakeModel(),
    openLibrary: () => Promise.resolve(library),
    openEvidence: () => Promise.resolve(evidence),
    path,
  });
  return { screen, evidence, library };
}

async function load(screen: Screen): Promise<void> {
  await screen.getByRole('button', { name: 'Load all scores (400 MB)' }).click();
  await expect.element(screen.getByRole('slider')).toBeVisible();
}

const slide = async (screen: Screen, to: string): Promise<void> => {
  const number = screen.getByLabelText('Threshold as a number');
  await number.fill(to);
  await userEvent.keyboard('{Enter}');
};

beforeEach(() => page.viewport(1280, 900));

describe('versions', () => {
  test('are listed with what matters of each, and which one is in use', async () => {
    const { screen } = await open('/model');
    const items = screen.getByRole('listitem').filter({ hasText: 'Weighted log loss' });
    await expect.element(items.nth(0)).toHaveTextContent(/Version 7 in use.*missed targets/);
    await expect.element(items.nth(0)).toHaveTextContent(/Happy\s*82\.5 %/);
    await expect.element(items.nth(1)).toHaveTextContent(/Version 6.*no target was checked/);
    await expect
      .element(screen.getByRole('link', { name: 'Compare with version 6' }))
      .toHaveAttribute('href', '/model/7/with/6');
  });

  test('one that is not there says so in words', async () => {
    const { screen } = await open('/model/9');
    await expect.element(screen.getByRole('alert')).toHaveTextContent('There is no version 9.');
  });
});

describe('the evidence of a version', () => {
  test('P3-20 … P3-23: before its scores are loaded, figures are those of the card', async () => {
    const { screen } = await open('/model/7');
    await expect.element(screen.getByText('Figures at the threshold of 95.')).toBeVisible();
    await expect
      .element(screen.getByText('Test photos: of 100 guests, 82.5 happy, 2.5 sad, 15 asked to try again.'))
      .toBeVisible();
    await expect.element(screen.getByText('Which names it gave stands in the scores')).toBeVisible();
    await expect
      .element(screen.getByRole('columnheader', { name: 'Answered right' }))
      .not.toBeInTheDocument();
    await expect.element(screen.getByRole('img', { name: /training: from 60 to 90/ })).toBeVisible();
  });

  test('P3-20 … P3-27: the slider moves every figure, and says by how much', async () => {
    const { screen } = await open('/model/7');
    await load(screen);
    await slide(screen, '65');

    const happy = screen.getByRole('region', { name: 'Happy and sad guests' });
    await expect.element(happy).toHaveTextContent('From 65 of 100 on');
    await expect.element(happy).toHaveTextContent(/Test photos.*Happy\s*92\.5 %\s*change:\s*\+10\.0/);

    const targets = screen.getByRole('region', { name: 'Benchmarks against targets' });
    await expect.element(targets).toHaveTextContent(/At 65\s*50\.0 %\s*change:\s*\+25\.0/);
    await expect.element(targets).toHaveTextContent('missed');

    const popcorn = screen.getByRole('region', { name: 'What it said to the bag of popcorn' });
    await expect.element(popcorn.getByRole('button', { name: 'Zebra, 1 time' })).toBeVisible();

    const lion = screen.getByRole('row', { name: /^Lion/ }).last();
    await expect.element(lion).toHaveTextContent(/change:\s*\+4\s*16/);

    await screen.getByRole('button', { name: 'Answers only' }).click();
    await expect
      .element(screen.getByRole('gridcell', { name: 'Lion taken for Zebra: 1 photo' }))
      .toBeVisible();
    await slide(screen, '55');
    await expect
      .element(screen.getByRole('gridcell', { name: 'Lion taken for Zebra: 3 photos' }))
      .toBeVisible();

    await slide(screen, '99.5');
    await expect.element(targets).toHaveTextContent(/met\s*was: missed/);
    await screen.getByRole('button', { name: 'Back to 95' }).click();
    await expect.element(screen.getByRole('slider')).toHaveValue('950');
  });

  test('arrows move the slider by a tenth, Page keys and Shift by a whole point, never beyond its ends', async () => {
    const { screen } = await open('/model/7');
    await load(screen);
    const slider = screen.getByRole('slider');
    (slider.element() as HTMLElement).focus();
    const at = async (keys: string, value: string) => {
      await userEvent.keyboard(keys);
      await expect.element(slider).toHaveAttribute('aria-valuetext', `${value} of 100`);
    };
    await at('{ArrowRight}', '95.1');
    await at('{PageDown}', '94.1');
    await at('{Shift>}{ArrowRight}{/Shift}', '95.1');
    await at('{End}', '99.9');
    await at('{PageUp}', '99.9');
    await at('{Home}', '50');
  });

  test('loading is cancelled, and what failed is said', async () => {
    const { screen, evidence } = await open('/model/7');
    let stopped = false;
    evidence.openScores = (_, progress, signal) => {
      progress(100_000_000, 400_000_000);
      return new Promise((_done, fail) => {
        signal.addEventListener('abort', () => {
          stopped = true;
          fail(new Error('stopped'));
        });
      });
    };
    await screen.getByRole('button', { name: /Load all scores/ }).click();
    await expect.element(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
    await screen.getByRole('button', { name: 'Cancel' }).click();
    await expect.element(screen.getByRole('button', { name: /Load all scores/ })).toBeVisible();
    expect(stopped).toBe(true);
    evidence.openScores = () => Promise.reject(new Error('the network is gone'));
    await screen.getByRole('button', { name: /Load all scores/ }).click();
    await expect.element(screen.getByRole('alert')).toHaveTextContent('the network is gone');
  });

  test('a version without its scores says how to open them', async () => {
    const model = newest();
    model.withoutScores = 'It was published without its scores. Open them from the run folder.';
    const { screen } = await open('/model/7', [model]);
    await expect.element(screen.getByText('Open them from the run folder.')).toBeVisible();
  });

  test('charts are there as tables, too', async () => {
    const { screen } = await open('/model/7');
    await screen.getByRole('button', { name: 'Show as table: Loss' }).click();
    await expect.element(screen.getByRole('row', { name: '1 0.9 1' })).toBeVisible();
    await screen.getByRole('button', { name: 'Show as table: Said and right' }).click();
    await expect.element(screen.getByRole('columnheader', { name: 'Says', exact: true })).toBeVisible();
  });
});

describe('photos behind a figure', () => {
  /** Of the three that were taken for a zebra one is in the library. */
  function library(): FakeLibrary {
    const photo = { ...photoNamed(16, 'Lion'), id: photoAt(16) };
    return new FakeLibrary([photo], ['Lion', 'Zebra']);
  }

  test('P5-34: a cell opens its photos by mouse and by keys; those of other libraries are counted', async () => {
    const { screen } = await open('/model/7', [newest()], library());
    await load(screen);
    const cell = screen.getByRole('gridcell', { name: 'Lion taken for Zebra: 3 photos' });
    await cell.click();
    const dialog = screen.getByRole('dialog', { name: 'Lion taken for Zebra' });
    await expect.element(dialog).toHaveTextContent('3 photos in all. 2 are not in this library.');
    await expect.element(dialog.getByRole('gridcell')).toHaveTextContent(/Zebra\s*97/);
    await dialog.getByRole('button', { name: 'Close' }).click();

    (cell.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowLeft}{Enter}');
    await expect.element(dialog).toBeVisible();
  });

  test('without scores the report’s own photos are shown, and that there may be more', async () => {
    const { screen } = await open('/model/7', [newest()], library());
    await screen.getByRole('gridcell', { name: 'Lion taken for Zebra: 3 photos' }).click();
    await expect
      .element(screen.getByRole('dialog'))
      .toHaveTextContent('The report kept 3 of these photos. Load all scores to find every one.');
  });

  test('a photo found there gets another label at once', async () => {
    const { screen, library: own } = await open('/model/7', [newest()], library());
    own.person = 'Ada';
    await load(screen);
    await screen.getByRole('gridcell', { name: 'Lion taken for Zebra: 3 photos' }).click();
    const dialog = screen.getByRole('dialog');
    await dialog.getByRole('gridcell').click();
    await dialog.getByRole('combobox', { name: /label/i }).fill('Zebra');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => own.acts).toContainEqual(['assign', 1, { kind: 'sub-class', id: 'zebra' }]);
  });
});

describe('two versions side by side', () => {
  test('P3-19: what got better, by how much, and whether it may be chance', async () => {
    const { screen } = await open('/model/7/with/6');
    await expect
      .element(screen.getByText('1 better, 0 worse; 1 of all changes are more than chance.'))
      .toBeVisible();
    const lion = screen.getByRole('listitem').filter({ hasText: 'Lion' });
    await expect.element(lion).toHaveTextContent(/6: 8 of 19 \(42\.1 %\) → 7: 16 of 19 \(84\.2 %\)/);
    await expect.element(lion).toHaveTextContent(/\+42\.1\s*more than chance/);
    await expect.element(screen.getByText('Only in version 7, 1 class: Okapi')).toBeVisible();
  });

  test('answers are compared when the scores of both are loaded, at the threshold of the slider', async () => {
    const { screen, evidence } = await open('/model/7/with/6');
    await screen.getByRole('button', { name: 'Load all scores (800 MB)' }).click();
    await expect.element(screen.getByRole('slider')).toBeVisible();
    expect(evidence.opened).toHaveLength(2);
    await screen.getByLabelText('Compared by').selectOptions('Answered right');
    const lion = screen.getByRole('listitem').filter({ hasText: 'Lion' });
    await expect.element(lion).toHaveTextContent('12 of 19');
    await slide(screen, '65');
    await expect.element(lion).toHaveTextContent('16 of 19');
  });

  test('losses under different tables of look-alikes are not compared', async () => {
    const other = older();
    other.confusedTable = 'cd'.repeat(32);
    other.dataSet = 'cd'.repeat(32);
    const { screen } = await open('/model/7/with/6', [newest(), other]);
    await expect.element(screen.getByText(/rest on different tables/)).toBeVisible();
    await expect.element(screen.getByText(/from different data sets/)).toBeVisible();
    await expect
      .element(screen.getByRole('rowheader', { name: 'Weighted log loss' }))
      .not.toBeInTheDocument();
  });
});

describe('files of a run', () => {
  test('are opened without a report: all that scores alone can tell', async () => {
    const { screen, evidence } = await open('/model/files');
    const input = screen.getByLabelText('Choose files');
    await input.upload([new File(['x'], 'scores.npy'), new File(['{}'], 'index.json')]);
    await expect.element(screen.getByRole('slider')).toBeVisible();
    expect(evidence.opened).toMatchObject([{ kind: 'files' }]);
    await expect.element(screen.getByText('There is no metrics.json here')).toBeVisible();
    await expect
      .element(screen.getByRole('gridcell', { name: 'Lion taken for Zebra: 3 photos' }))
      .toBeVisible();
  });

  test('a broken report is said, with its name', async () => {
    const { screen } = await open('/model/files');
    await screen.getByLabelText('Choose files').upload([new File(['{'], 'metrics.json')]);
    await expect.element(screen.getByRole('alert')).toHaveTextContent('metrics.json: broken JSON');
  });
});

test('at 360 px nothing scrolls sideways but what is meant to', async () => {
  await page.viewport(360, 740);
  const { screen } = await open('/model/7');
  await load(screen);
  await slide(screen, '60');
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
});

test('a thousand classes: the largest confusions as a list with a search, and only rows in sight', async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `Kind ${String(i)}`);
  const rows = names.map((_, i) => [i, (i + (i % 3 === 0 ? 1 : 0)) % 1000, 0.9] as const);
  const { screen } = await open('/model/7', [
    new FakeModelData(7, names, [{ name: 'test', kind: null, rows }]),
  ]);
  await expect.element(screen.getByText('334 photos were taken for another class.')).toBeVisible();
  await expect.element(screen.getByRole('grid')).not.toBeInTheDocument();
  await screen.getByLabelText('Find a class').first().fill('Kind 999');
  await expect.element(screen.getByRole('button', { name: 'Kind 999 → Kind 0' })).toBeVisible();
  expect(screen.getByRole('row').elements().length).toBeLessThan(60);
});
