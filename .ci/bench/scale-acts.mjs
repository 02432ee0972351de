// What a keeper does with a large library, each act timed by the page's own clock: from the event until the frame that
// shows the outcome has been painted.

const ACTS = 40;

/** Puts the page's clock in place; before any of the others. */
export function addClock(page) {
  return page.addInitScript(() => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    // A message is delivered after the frame that asked for it was painted.
    const afterPaint = () =>
      new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(null);
      });
    /** Time at which a frame that holds `what` was painted. */
    const painted = async (what) => {
      for (;;) {
        await frame();
        if (what()) return afterPaint();
      }
    };
    window.menagerieBench = { frame, painted };
  });
}

/** From the start of navigation until the first tiles are painted with their pictures, in milliseconds. */
export async function coldStart(page, url) {
  await page.addInitScript(() => {
    const first = () => document.querySelector('[role=gridcell] img')?.complete === true;
    void window.menagerieBench.painted(first).then((at) => (window.gridAt = at));
  });
  await page.goto(`${url}/library`);
  await page.waitForFunction(() => window.gridAt !== undefined, null, { timeout: 120_000 });
  return page.evaluate(() => window.gridAt);
}

/**
 * Choosing one value after another, until a frame with the pictures of all tiles in it is painted.
 * @returns the slowest, in milliseconds
 */
function choosing(page, selector, values) {
  return page.evaluate(
    async ([where, wanted]) => {
      const { frame, painted } = window.menagerieBench;
      const whole = () =>
        [...document.querySelectorAll('[role=gridcell] .picture')].every(
          (tile) => tile.querySelector('img')?.complete,
        );
      const times = [];
      for (const value of wanted) {
        const select = document.querySelector(where);
        await frame();
        const start = performance.now();
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
        await frame();
        times.push((await painted(whole)) - start);
      }
      return Math.max(...times);
    },
    [selector, values],
  );
}

export const filterChange = (page) =>
  choosing(page, '.filter select', [
    'unlabelled',
    'sub-class animal 4',
    'labelled',
    'sub-class animal 10',
    'all',
  ]);

/** With the panel of filters open, so that all its counts are painted too. */
export async function sortChange(page) {
  await page.getByRole('button', { name: 'Filters' }).click();
  const orders = ['oldest', 'label', 'file', 'size', 'labeller', 'file', 'newest'];
  const time = await choosing(page, '.panel select', orders);
  await page.getByRole('button', { name: 'Filters' }).click();
  return time;
}

const slow = (times) => times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1];

/** One photo of the grid labelled, strict storage included, until its tile shows it: the 95th percentile. */
export async function labelInGrid(page) {
  await page.getByRole('gridcell').first().click();
  const times = [];
  for (let i = 0; i < ACTS; i++) {
    const name = `animal ${100 + (i % 50)}`;
    await page.getByRole('combobox', { name: 'Label' }).fill(name);
    times.push(await page.evaluate(labelOnce, name));
  }
  return slow(times);
}

/** Runs in the page: picks the option that is offered and waits for the frame with the new caption. */
async function labelOnce(name) {
  const { frame, painted } = window.menagerieBench;
  const caption = () => document.querySelector('[data-at="0"] .caption')?.textContent.trim();
  while (!document.querySelector('.bar [role=option]')) await frame();
  const start = performance.now();
  document.querySelector('.bar [role=option]').click();
  return (await painted(() => caption() === name)) - start;
}

/**
 * In the labelling room: from a key that labels until the next photo is painted, the 95th percentile. Each key is
 * pressed as soon as the photo is there, so the saving of the ones before goes on beside it.
 */
export async function labelWithKeys(page) {
  await page.getByRole('link', { name: 'Label', exact: true }).click();
  await page.locator('.stage img').waitFor();
  const times = [];
  for (let i = 0; i < ACTS; i++) times.push(await page.evaluate(keyOnce));
  const progress = await page.locator('.progress').textContent();
  if (!progress.startsWith(String(ACTS + 1))) throw new Error(`The keys did not label: ${progress}`);
  return slow(times);
}

/** Runs in the page: the key of the label used last. */
async function keyOnce() {
  const { painted } = window.menagerieBench;
  const image = () => document.querySelector('.stage img');
  const before = image()?.src;
  const start = performance.now();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: '4' }));
  return (await painted(() => image()?.complete && image().src !== before)) - start;
}

/** Frames a second while the wheel turns for three seconds. */
export async function scrolling(page) {
  await page.mouse.move(640, 500);
  const counting = page.evaluate(async () => {
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < 3000) {
      await window.menagerieBench.frame();
      frames += 1;
    }
    return (frames / (performance.now() - start)) * 1000;
  });
  for (let i = 0; i < 25; i++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(100);
  }
  return counting;
}

/** Megabytes of objects after the garbage was collected. */
export async function memoryOf(context, page) {
  const devtools = await context.newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}
