// The double-check of a library of 100 000 photos with guesses and features, in real Chromium on the built app: from the
// key that decides until the next photo and both its examples are painted, by the page's own clock. Four photos of five
// are kept, the fifth gets the label of what it was taken for, so that the head behind the examples learns meanwhile.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openBrowser, serveApp } from './app.mjs';
import { addClock, memoryOf } from './scale-acts.mjs';
import { fillLibrary } from './scale-photos.mjs';
import { fillSeen, publishKnowing } from './scale-seen.mjs';

const PRESSES = 100;
/** Nobody looks at three pictures in less. */
const GLANCE_MS = 400;
const SETTLING_MS = 5000;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchThreeUp(count = 100_000) {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  let app = null;
  try {
    const network = await publishKnowing(folder);
    app = await serveApp(folder);
    const profile = join(folder, 'profile');
    await fill(app.url, profile, count, network);
    const { opening, first, glancing, racing, memory } = await measure(app.url, profile);
    const of = `${count.toLocaleString('en')} photos: `;
    const at = (times, share) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1];
    return [
      [`${of}room opened until all counts are there`, opening / 1000, 's'],
      [`${of}pass begun until its three pictures are painted`, first, 'ms'],
      [`${of}three-up to next three-up after a glance, p95`, at(glancing, 0.95), 'ms', '<= 100'],
      [`${of}the same, median`, at(glancing, 0.5), 'ms'],
      [`${of}the same, slowest`, at(glancing, 1), 'ms'],
      [`${of}a key as soon as the pictures are there, median`, at(racing, 0.5), 'ms'],
      [`${of}the same, p95`, at(racing, 0.95), 'ms'],
      [`${of}objects of the page`, memory, 'MB', '<= 400'],
    ];
  } finally {
    app?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(url, profile, count, network) {
  const context = await openBrowser(profile);
  try {
    const page = await context.newPage();
    await page.goto(`${url}/library`);
    await page.getByRole('button', { name: 'Add your own photos' }).waitFor();
    await fillLibrary(page, count);
    await fillSeen(page, network);
    // After thousands of writes at once the browser puts its database in order, which is not what is measured here.
    await page.waitForTimeout(SETTLING_MS);
  } finally {
    await context.close();
  }
}

async function measure(url, profile) {
  const context = await openBrowser(profile);
  try {
    const page = await context.newPage();
    await addClock(page);
    await page.goto(`${url}/about`);
    await page.waitForTimeout(SETTLING_MS);
    const start = performance.now();
    await page.goto(`${url}/library/check`);
    const begin = page.getByRole('button', { name: /^Check [\d,]+ photos$/ }).first();
    await begin.waitFor({ timeout: 120_000 });
    const opening = performance.now() - start;
    // Whoever reads what there is to do gives the features time to be read.
    await page.waitForTimeout(4 * SETTLING_MS);
    const first = await page.evaluate(beginPass);
    await page.waitForTimeout(SETTLING_MS);
    const glancing = await page.evaluate(decide, { presses: PRESSES, glance: GLANCE_MS });
    await page.waitForTimeout(SETTLING_MS);
    const racing = await page.evaluate(decide, { presses: PRESSES, glance: 0 });
    const progress = await page.locator('.progress').textContent();
    if (!progress.startsWith(String(2 * PRESSES + 1)))
      throw new Error(`The keys did not decide: ${progress}`);
    return { opening, first, glancing, racing, memory: await memoryOf(context, page) };
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
async function beginPass() {
  const { painted } = window.menagerieBench;
  const whole = () => {
    const images = [...document.querySelectorAll('figure img')];
    return images.length === 3 && images.every((image) => image.complete);
  };
  const button = document.querySelector('.choose .button.primary');
  const start = performance.now();
  button.click();
  return (await painted(whole)) - start;
}

/** Runs in the page: a key a glance after all three pictures are there; the work of the ones before goes on beside it. */
async function decide({ presses, glance }) {
  const { painted } = window.menagerieBench;
  const photo = () => document.querySelector('figure.photo img')?.src;
  const times = [];
  for (let i = 0; i < presses; i++) {
    await new Promise((done) => setTimeout(done, glance));
    const before = photo();
    const start = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: i % 5 === 4 ? '1' : 'k' }));
    const end = await painted(() => {
      const images = [...document.querySelectorAll('figure img')];
      return images.length === 3 && images.every((image) => image.complete) && photo() !== before;
    });
    times.push(end - start);
  }
  return times;
}
