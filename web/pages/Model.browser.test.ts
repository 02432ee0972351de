import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';

import { type CardGate, NOT_JUDGED } from '#shared/schema/gate.ts';

import Model from './Model.svelte';
import { FakeEvidence } from './testing/evidence.svelte.ts';
import { FakeLibrary, FakeModel } from './testing/fakes.svelte.ts';

const SENTENCE = 'Difficult benchmark “shade”: 72.0 % true positives (18 of 25), at least 80 % wanted.';
const failed: CardGate = {
  decision: 'no-go',
  reasons: [SENTENCE],
  comparedWith: null,
  checks: [
    {
      check: 'difficult-true-positive',
      set: 'benchmark:shade',
      target: 0.8,
      measured: 0.72,
      production: null,
      outcome: 'failed',
      sentence: SENTENCE,
    },
  ],
  override: { reason: 'the fair opens <b>tomorrow</b>', at: '2026-05-01T10:00:00.000Z', by: 'Ann' },
};

async function open(gate: CardGate) {
  const model = new FakeModel();
  model.status = { kind: 'ready', version: 7, engine: 'wasm', labels: [], threshold: 0.95, gate };
  return render(Model, {
    model,
    openLibrary: () => Promise.resolve(new FakeLibrary()),
    openEvidence: () => Promise.resolve(new FakeEvidence([])),
    path: '/model',
  });
}

test('P2-21: a version that missed its targets says which, who published it all the same and why', async () => {
  const screen = await open(failed);
  await expect
    .element(screen.getByText('Ann published it all the same: “the fair opens <b>tomorrow</b>”'))
    .toBeVisible();
  await expect.element(screen.getByText(SENTENCE)).toBeVisible();
  await expect.element(screen.getByText('missed', { exact: true })).toBeVisible();
});

test('a version that met its targets says so; its checks are there for whoever asks', async () => {
  const met = { ...failed.checks[0]!, outcome: 'passed' as const, sentence: 'All went well.' };
  const screen = await open({ ...NOT_JUDGED, decision: 'go', checks: [met] });
  await expect.element(screen.getByText('This version met every target')).toBeVisible();
  await expect.element(screen.getByText('All went well.')).not.toBeVisible();
  await screen.getByText('What was looked at: 1 check').click();
  await expect.element(screen.getByText('All went well.')).toBeVisible();
});

test('an older version, whose card knows no checks, claims nothing', async () => {
  const screen = await open(NOT_JUDGED);
  await expect
    .element(screen.getByText('No target was checked when this version was published.'))
    .toBeVisible();
});
