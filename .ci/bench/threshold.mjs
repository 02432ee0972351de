// The threshold slider over 1 000 classes × 100 000 photos: a matrix of 400 MB is published with a version, served by the
// real server, and opened in the worker of the built app in Chromium: by its code alone, then by hand on its page. Seconds
// to open it, milliseconds of a step, and memory of all processes of the browser above what they had.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { sha256File } from '../../node-trainer/io/hash.ts';
import { publishVersion } from '../../node-trainer/store/publish.ts';
import { tinyVersion } from '../../node-trainer/testing/tiny-version.ts';
import { NOT_JUDGED } from '../../shared/schema/gate.ts';
import { openBrowser, serveApp, watched } from './app.mjs';
import { addClock } from './scale-acts.mjs';
import { inChild } from './scores.mjs';

const STEPS = 50;
const SETTLING_MS = 3000;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchThreshold(images = 100_000, classes = 1000) {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  let app = null;
  try {
    await publish(folder, images, classes);
    app = await serveApp(folder);
    const { load, steps, verdicts, cell } = await measure(app.url, join(folder, 'profile'));
    const byHand = await measurePage(app.url, join(folder, 'profile-2'));
    const size = `${classes} classes × ${images / 1000} 000 photos: `;
    return [
      [`${size}opened and checked`, load.seconds, 's'],
      [`${size}all figures of one step, p95`, percentile(steps, 0.95), 'ms', '≤ 100'],
      [`${size}all figures of one step, median`, percentile(steps, 0.5), 'ms'],
      [`${size}photos of a confusion`, cell, 'ms'],
      [`${size}verdicts for the double-check`, verdicts, 'ms'],
      [`${size}memory above base, peak`, load.memory, 'MB', '≤ 600'],
      [`${size}slider moved until the page is painted, p95`, percentile(byHand.steps, 0.95), 'ms', '≤ 100'],
      [`${size}the same, median`, percentile(byHand.steps, 0.5), 'ms'],
      [`${size}memory above base, peak, with the page`, byHand.memory, 'MB', '≤ 600'],
    ];
  } finally {
    app?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A version with the smallest network, and the scores and figures of a large one. */
async function publish(folder, images, classes) {
  const files = join(folder, 'version');
  await tinyVersion(files);
  const report = join(files, 'report');
  await mkdir(report, { recursive: true });
  await inChild('generate', { folder: report, images, classes });
  await inChild('score', { folder: report });
  const index = JSON.parse(await readFile(join(report, 'index.json'), 'utf8'));
  index.sha256 = await sha256File(join(report, 'scores.npy'));
  await writeFile(join(report, 'index.json'), JSON.stringify(index));
  await rename(join(report, 'index.json'), join(report, 'scores-index.json'));
  const card = JSON.parse(await readFile(join(files, 'card.json'), 'utf8'));
  for (const name of ['scores.npy', 'scores-index.json', 'metrics.json']) {
    const file = join(report, name);
    card.files.push({
      path: `report/${name}`,
      bytes: (await stat(file)).size,
      sha256: await sha256File(file),
    });
  }
  await publishVersion({
    store: join(folder, 'models'),
    files,
    card: async (given) => ({ ...card, ...given }),
    gate: async () => NOT_JUDGED,
  });
  await rm(files, { recursive: true });
}

async function measure(url, profile) {
  const context = await openBrowser(profile);
  try {
    const page = await context.newPage();
    await page.goto(`${url}/about`);
    await page.waitForTimeout(SETTLING_MS);
    const code = `/assets/${await evidenceChunk()}`;
    const load = await watched(profile, () => page.evaluate(openScores, code));
    return { load, ...(await page.evaluate(askAll, STEPS)) };
  } finally {
    await context.close();
  }
}

/** The evidence of the version as a person has it: load all scores, move the slider. */
async function measurePage(url, profile) {
  const context = await openBrowser(profile);
  try {
    const page = await context.newPage();
    await addClock(page);
    await page.goto(`${url}/about`);
    await page.waitForTimeout(SETTLING_MS);
    const { memory, result } = await watchedResult(profile, async () => {
      await page.goto(`${url}/model/1`);
      await page.getByRole('button', { name: /^Load all scores/ }).click({ timeout: 120_000 });
      await page.getByRole('slider').waitFor({ timeout: 600_000 });
      return page.evaluate(slide, STEPS);
    });
    return { memory, steps: result };
  } finally {
    await context.close();
  }
}

async function watchedResult(profile, work) {
  let result;
  const facts = await watched(profile, async () => (result = await work()));
  return { ...facts, result };
}

/** Runs in the page: every step changes the figures of a large set, and is painted before the next. */
async function slide(count) {
  const { frame, painted } = window.menagerieBench;
  const slider = document.querySelector('input[type=range]');
  const figures = document.getElementById('happy').closest('section');
  const steps = [];
  for (let i = 0; i < count; i++) {
    const before = figures.querySelector('ul').textContent;
    await frame();
    const start = performance.now();
    slider.value = String(Math.round(500 + (499 * i) / (count - 1)));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    steps.push((await painted(() => figures.querySelector('ul').textContent !== before)) - start);
  }
  return steps;
}

/** The file of the built app that knows published versions. */
async function evidenceChunk() {
  const names = await readdir(join(ROOT, 'dist/web/assets'));
  const name = names.find((one) => /^evidence\.svelte-.*\.js$/.test(one));
  if (!name) throw new Error('The app is not built, or has no evidence: npm run build');
  return name;
}

/** Runs in the page. */
async function openScores(code) {
  const { createEvidence } = await import(code);
  window.scores = await createEvidence().openScores(
    { kind: 'version', version: 1 },
    () => undefined,
    new AbortController().signal,
  );
}

/** Runs in the page, as the slider does: one step after the other. */
async function askAll(count) {
  const timed = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const steps = [];
  for (let i = 0; i < count; i++) {
    const threshold = 0.5 + (0.499 * i) / (count - 1);
    steps.push(await timed(() => window.scores.figures(threshold)));
  }
  const question = { set: 'training', truth: null, guess: null, outcome: 'wrong', answers: 'answered' };
  const cell = await timed(() =>
    window.scores.photosOf({ ...question, threshold: 0.5, order: 'surest' }, 60),
  );
  return { steps, cell, verdicts: await timed(() => window.scores.verdicts()) };
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
