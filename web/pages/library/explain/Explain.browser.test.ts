/** What the model looked at, as a keeper sees it (P6-20, P3-56). */
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import type { Finding } from '#shared/explain/findings.ts';
import { gridOn } from '#shared/explain/grid.ts';

import '../../../styles/app.css';
import type { Explained, ExplainOptions, ModelState } from '../../../state/contract.ts';
import { FakeLibrary, FakeModel, LABELS, photoNamed, pictureUrl } from '../../testing/fakes.svelte.ts';
import ExplainPanel from '../ExplainPanel.svelte';

beforeEach(async () => {
  await page.viewport(360, 740);
});

const [PANDA, RACCOON] = [LABELS[0]!, LABELS[1]!];
const WIDE = { left: 0, top: 0.125, width: 1, height: 0.75 };

/** All heat in the upper left quarter. */
function answer(label: typeof PANDA, findings: readonly Finding[]): Explained {
  const grid = gridOn(WIDE);
  const { columns, rows } = grid;
  const heat = Float32Array.from({ length: columns * rows }, (_, cell) =>
    cell % columns < columns / 2 && cell < (columns * rows) / 2 ? 3 : 0,
  );
  return { version: 7, label, best: PANDA, score: 0.87, map: { ...grid, heat }, findings };
}

/** A model whose answers a test gives when it likes. */
function slowModel() {
  const model = new FakeModel();
  const asked: { label: string | null; options: ExplainOptions; give: (answer: Explained) => void }[] = [];
  model.explain = (_image, label, options) =>
    new Promise((give, refuse) => {
      asked.push({ label, options, give });
      options.signal.addEventListener('abort', () => {
        refuse(options.signal.reason as Error);
      });
    });
  return { model, asked };
}

async function open(model: Pick<ModelState, 'status' | 'explain'>) {
  const photo = photoNamed(1, 'Raccoon');
  const library = new FakeLibrary([photo], ['Raccoon']);
  const screen = await render(ExplainPanel, { photo, library, model });
  return { screen, library };
}

const LOOKED: Finding = { kind: 'looked', at: { row: 'top', column: 'left' }, how: 'part' };

test('P6-20 the map comes with its progress, its score and its words', async () => {
  const { model, asked } = slowModel();
  const { screen } = await open(model);
  await expect.poll(() => asked.length).toBe(1);
  asked[0]!.options.progress(13, 52);
  await expect.element(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
  asked[0]!.give(answer(PANDA, [LOOKED, { kind: 'edge' }]));
  await expect.element(screen.getByText('It looked mostly at the upper left.')).toBeVisible();
  await expect.element(screen.getByText(/perhaps the fence or the background, not the animal/)).toBeVisible();
  await expect
    .element(screen.getByRole('meter', { name: 'Red Panda' }))
    .toHaveAttribute('aria-valuenow', '87');
  await expect.element(screen.getByRole('img', { name: /IMG_1/ })).toBeVisible();
});

test('the map lies over the picture and not over its bars, glows where the heat is, and fades', async () => {
  const { model, asked } = slowModel();
  const { screen } = await open(model);
  await expect.poll(() => asked.length).toBe(1);
  asked[0]!.give(answer(PANDA, [LOOKED]));
  const slider = screen.getByRole('slider', { name: 'Strength of the map' });
  await expect.element(slider).toBeVisible();
  const canvas = screen.container.querySelector('canvas')!;
  const [over, frame] = [canvas.getBoundingClientRect(), canvas.parentElement!.getBoundingClientRect()];
  expect((over.top - frame.top) / frame.height).toBeCloseTo(0.125, 2);
  expect(over.height / frame.height).toBeCloseTo(0.75, 2);
  const at = (x: number, y: number): Uint8ClampedArray =>
    canvas.getContext('2d')!.getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
  const [hot, cold] = [at(0.2, 0.2), at(0.8, 0.8)];
  expect(hot[0]! - hot[2]!).toBeGreaterThan(80);
  expect(Math.max(cold[0]!, cold[1]!, cold[2]!)).toBeLessThan(40);
  expect(cold[3]!).toBeGreaterThan(150);
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
  await expect.poll(() => getComputedStyle(canvas).opacity).toBe('0');
});

test('another class is another question; the answer to the one before comes too late and is not shown', async () => {
  const { model, asked } = slowModel();
  const { screen } = await open(model);
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0]!.label).toBeNull();
  await screen.getByRole('combobox', { name: 'What spoke for' }).selectOptions('Raccoon, its label');
  await expect.poll(() => asked.map(({ label }) => label)).toEqual([null, RACCOON.id]);
  expect(asked[0]!.options.signal.aborted).toBe(true);
  asked[1]!.give(answer(RACCOON, [{ kind: 'nothing' }]));
  asked[0]!.give(answer(PANDA, [LOOKED]));
  await expect
    .element(screen.getByText('No single part of the picture mattered much for Raccoon.'))
    .toBeVisible();
  expect(screen.getByRole('meter', { name: 'Red Panda' }).elements()).toEqual([]);
});

test('answers out of order: another photo never gets the map of the one before', async () => {
  const model = new FakeModel();
  const given: ((answer: Explained) => void)[] = [];
  // This one does not listen to its signal.
  model.explain = () => new Promise((give) => given.push(give));
  const { screen, library } = await open(model);
  await expect.poll(() => given.length).toBe(1);
  await screen.rerender({ photo: photoNamed(2, null), library, model });
  await expect.poll(() => given.length).toBe(2);
  given[0]!(answer(PANDA, [LOOKED]));
  await expect.element(screen.getByRole('progressbar')).toBeVisible();
  given[1]!(answer(RACCOON, [{ kind: 'spread' }]));
  await expect.element(screen.getByRole('img', { name: /IMG_2/ })).toBeVisible();
  await expect.element(screen.getByText(/the picture as a whole/)).toBeVisible();
});

test('it can be cancelled and begun again; what went wrong is said', async () => {
  const { model, asked } = slowModel();
  const { screen, library } = await open(model);
  await expect.poll(() => asked.length).toBe(1);
  await screen.getByRole('button', { name: 'Cancel' }).click();
  expect(asked[0]!.options.signal.aborted).toBe(true);
  library.image = () => Promise.reject(new Error('The photo is gone.'));
  await screen.getByRole('button', { name: 'Look again' }).click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('There is no map: The photo is gone.');
  library.image = () => Promise.resolve(pictureUrl('#c96'));
  await screen.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => asked.length).toBe(2);
});
