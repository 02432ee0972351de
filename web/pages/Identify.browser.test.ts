import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';

import { sha256 } from '../platform/hash.ts';
import type { IdentifyResult } from '../state/contract.ts';
import Identify from './Identify.svelte';
import { FakeEvidence } from './testing/evidence.svelte.ts';
import { FakeLibrary, FakeModel, resultOf } from './testing/fakes.svelte.ts';

const picture = (name: string): File => new File([name], `${name}.jpg`, { type: 'image/jpeg' });
const hashOf = async (file: Blob): Promise<string> => sha256(await file.arrayBuffer());

async function open(model: FakeModel) {
  const screen = await render(Identify, {
    model,
    openLibrary: () => Promise.resolve(new FakeLibrary()),
    openEvidence: () => Promise.resolve(new FakeEvidence([])),
    path: '/',
  });
  const choose = async (file: File): Promise<void> => {
    await screen.getByLabelText('Choose a photo').first().upload(file);
  };
  return { screen, choose };
}

test('P2-09: at the threshold the answer is given with its confidence and announced', async () => {
  const model = new FakeModel();
  model.identify = async (blob) => resultOf(0.95, await hashOf(blob));
  const { screen, choose } = await open(model);
  await choose(picture('panda'));
  await expect.element(screen.getByRole('heading', { name: 'Red Panda' })).toBeVisible();
  await expect
    .element(screen.getByRole('meter', { name: 'Confidence' }))
    .toHaveAttribute('aria-valuenow', '95');
  await expect.element(screen.getByText('This is: Red Panda. Confidence 95 of 100.')).toBeInTheDocument();
});

test('P2-10: below the threshold there is advice, and guesses only set apart and closed', async () => {
  const model = new FakeModel();
  model.identify = async (blob) => resultOf(0.9499, await hashOf(blob));
  const { screen, choose } = await open(model);
  await choose(picture('blur'));
  await expect.element(screen.getByRole('heading', { name: 'Not sure yet' })).toBeVisible();
  await expect.element(screen.getByText(/Go closer/)).toBeVisible();
  await expect.element(screen.getByRole('meter', { name: 'Red Panda' })).not.toBeInTheDocument();
  await screen.getByText('It might be one of these').click();
  await expect.element(screen.getByRole('meter', { name: 'Red Panda' })).toBeVisible();
});

test('P1-59: a merged class comes with the keeper’s note', async () => {
  const model = new FakeModel();
  model.identify = async (blob) => resultOf(0.99, await hashOf(blob), 2);
  const { screen, choose } = await open(model);
  await choose(picture('ape'));
  await expect.element(screen.getByText(/Chimpanzees and bonobos are kept together/)).toBeVisible();
});

test('an answer that belongs to another picture is dropped', async () => {
  const model = new FakeModel();
  const pending: ((result: IdentifyResult) => void)[] = [];
  model.identify = () => new Promise((done) => pending.push(done));
  const { screen, choose } = await open(model);
  const [first, second] = [picture('first'), picture('second')];
  await choose(first);
  await expect.poll(() => pending.length).toBe(1);
  pending[0]!(resultOf(0.99, await hashOf(second)));
  await expect.element(screen.getByText('Looking closely …')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Red Panda' }).query()).toBeNull();
});

test('without a model it is said what to do', async () => {
  const model = new FakeModel();
  model.status = { kind: 'none' };
  const { screen } = await open(model);
  await expect.element(screen.getByText('Nothing has been learned yet')).toBeVisible();
  await expect
    .element(screen.getByRole('link', { name: 'Open the library' }))
    .toHaveAttribute('href', '/library');
});

test('a picture that cannot be read is said in words, and another can be chosen', async () => {
  const model = new FakeModel();
  model.identify = () => Promise.reject(new Error('This file is not a picture.'));
  const { screen, choose } = await open(model);
  await choose(picture('pdf'));
  await expect.element(screen.getByRole('alert')).toHaveTextContent('This file is not a picture.');
});
