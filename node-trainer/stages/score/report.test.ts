import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openRun } from '../../run/open-run.ts';
import { score } from '../score.ts';
import { chart } from './report/charts.ts';
import { html, name } from './report/html.ts';
import { HOSTILE, hostileRun } from './testing/hostile-run.ts';

describe('the template tag', () => {
  test('keeps text text, in elements and in attributes', () => {
    const { text } = html`<p title="${HOSTILE.attribute}">${HOSTILE.markup}</p>`;
    const { document } = parseHTML(`<html><body>${text}</body></html>`);
    expect(document.querySelector('p')?.getAttribute('title')).toBe(HOSTILE.attribute);
    expect(document.querySelector('p')?.textContent).toBe(HOSTILE.markup);
    expect(document.querySelectorAll('*')).toHaveLength(3);
  });

  test('keeps markup that it made, lists of it, and leaves out nothing at all', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`);
    expect(
      html`<ul>
        ${items}${null}
      </ul>`.text.replace(/\s/g, ''),
    ).toBe('<ul><li>a</li><li>&#60;</li></ul>');
    expect(name('x').text).toBe('<bdi>x</bdi>');
  });
});

test('a chart has words for those who do not see it, and no style of its own', () => {
  const { text } = chart('Loss from 2 to 1.', {});
  expect(text).toContain('role="img"');
  expect(text).toContain('aria-label="Loss from 2 to 1."');
  expect(text).not.toContain('<style');
});

describe('the report of a run whose names come from an enemy', () => {
  let [run, page] = ['', ''];
  let document: Document;
  beforeAll(async () => {
    run = await mkdtemp(join(tmpdir(), 'menagerie-report-'));
    await hostileRun(run);
    const listener = { say: () => undefined, progress: () => undefined };
    await score(await openRun({ run, flags: { threshold: 0.3 }, environment: {}, resume: true, listener }));
    page = await readFile(join(run, 'report', 'report.html'), 'utf8');
    ({ document } = parseHTML(page));
  });

  afterAll(() => rm(run, { recursive: true, force: true }));

  test('is one page: no scripts, no handlers, nothing from elsewhere', () => {
    expect(document.querySelectorAll('script, link, iframe, object, embed, form, base')).toHaveLength(0);
    const attributes = [...document.querySelectorAll('*')].flatMap((e) => [...e.attributes]);
    expect(attributes.filter((a) => a.name.startsWith('on'))).toEqual([]);
    const places = attributes.filter((a) =>
      ['src', 'href', 'xlink:href', 'srcset', 'action'].includes(a.name),
    );
    expect(places.filter((a) => !/^(#|data:image\/webp;base64,)/.test(a.value)).map((a) => a.value)).toEqual(
      [],
    );
    expect(page.match(/<style>/g)).toHaveLength(1);
    const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content');
    expect(policy).toBe("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  });

  test('shows hostile names as text, each with a direction of its own', () => {
    const shown = [...document.querySelectorAll('bdi')].map((e) => e.textContent);
    for (const text of [HOSTILE.script, HOSTILE.markup, HOSTILE.rightToLeft, HOSTILE.long])
      expect(shown).toContain(text);
    expect(shown).toContain(`${HOSTILE.attribute}.jpg`);
    expect(document.querySelector('h1')?.textContent).toBe(HOSTILE.script);
  });

  test('shows the pictures that were answered wrongly, with truth, three guesses and their scores (P5-34)', () => {
    const first = document.querySelector('.gallery > li.sad');
    expect(first?.querySelector('.truth')?.textContent).toMatch(/^It is: /);
    expect(first?.querySelectorAll('ol > li')).toHaveLength(3);
    const images = [...document.querySelectorAll('img')];
    expect(images.length).toBeGreaterThan(3);
    expect(images.every((image) => image.getAttribute('alt')?.includes('best guess'))).toBe(true);
  });

  test('has every section, and each table a caption and headings', () => {
    const ids = [...document.querySelectorAll('section')].map((s) => s.id);
    expect(ids).toEqual([
      'happiness',
      'gate',
      'questions',
      'pictures',
      'confusion',
      'calibration',
      'curves',
      'tradeoff',
      'classes',
      'figures',
      'about',
    ]);
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).not.toBe('');
      expect(table.querySelectorAll('th[scope]').length).toBeGreaterThan(0);
    }
    expect([...document.querySelectorAll('svg')].every((svg) => svg.getAttribute('aria-label'))).toBe(true);
  });

  test('says happy and sad in shares that add up to 100 %, and what the test covers (P3-20 … P3-23)', () => {
    const row = document.querySelector('#happiness tbody tr');
    const shares = [...(row?.querySelectorAll('td.figure') ?? [])]
      .slice(0, 3)
      .map((c) => parseFloat(c.textContent));
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 0);
    expect(document.querySelector('#happiness')?.textContent).toContain('Test covers 0 of 3 classes');
  });
});
