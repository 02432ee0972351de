import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..', '..');
const TEXT = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8');
const IGNORE = readFileSync(join(import.meta.dirname, 'Dockerfile.dockerignore'), 'utf8');
/** Instructions as they stand after joining continued lines. */
const LINES = TEXT.replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));

/** What is copied from the project, not from another stage. */
const SOURCES = LINES.filter((line) => line.startsWith('COPY ') && !line.includes('--from=')).flatMap(
  (line) => line.split(/\s+/).slice(1, -1),
);

describe('the Dockerfile', () => {
  test('is one', () => {
    expect(
      validate(TEXT).map(
        (d) => `line ${d.range.start.line + 1}: ${String(d.code)} ${JSON.stringify(d.message)}`,
      ),
    ).toEqual([]);
    expect(validate('FROM a\nCOPPY x y\n')).not.toEqual([]);
  });

  test('copies only what exists, and what the list of the build context lets in', () => {
    const open = new Set([...IGNORE.matchAll(/^!(.+)$/gm)].map((m) => m[1]));
    expect(SOURCES.length).toBeGreaterThan(5);
    for (const source of SOURCES) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(open.has(source.split('/')[0]), source).toBe(true);
    }
  });

  test('P5-09, P5-11: every image and TensorFlow are pinned; CUDA is the base unless an argument says otherwise', () => {
    const args = new Map([...TEXT.matchAll(/^ARG (\w+)=(\S+)$/gm)].map((m) => [m[1], m[2] ?? '']));
    const images = [...TEXT.matchAll(/^FROM (\S+)/gm)].map((m) => {
      const name = /^\$\{(\w+)\}$/.exec(m[1] ?? '')?.[1];
      return name === undefined ? m[1] : args.get(name);
    });
    expect(images).toHaveLength(4);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
    expect(args.get('BUILD_BASE')).toMatch(/^nvidia\/cuda:.*-devel-/);
    expect(args.get('BASE')).toMatch(/^nvidia\/cuda:/);
    const constraints = readFileSync(join(import.meta.dirname, 'constraints.txt'), 'utf8');
    for (const name of ['tensorflow', 'tensorflow-cpu'])
      expect(constraints).toMatch(new RegExp(`^${name}==\\d+\\.\\d+\\.\\d+$`, 'm'));
  });

  test('its Node satisfies the project, and packages are those of the lock file', () => {
    const node = [...TEXT.matchAll(/^FROM node:(\d+)\.(\d+)/gm)].map((m) => [Number(m[1]), Number(m[2])]);
    for (const [major, minor] of node) expect(major === 20 && (minor ?? 0) >= 19).toBe(true);
    expect(TEXT.match(/npm (install|i)\b/)).toBeNull();
    expect(TEXT.match(/npm ci/g)).toHaveLength(2);
  });

  test('dependencies are installed before sources are copied, so that a change of ours costs seconds', () => {
    const at = (text: string): number => LINES.findIndex((line) => line.startsWith(text));
    expect(at('RUN npm ci')).toBeLessThan(at('COPY shared'));
    expect(at('COPY package.json package-lock.json')).toBeLessThan(at('RUN npm ci'));
  });

  test('nobody is root in the end', () => {
    const user = LINES.filter((line) => line.startsWith('USER')).at(-1);
    expect(user).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    expect(LINES.indexOf(user!)).toBeGreaterThan(LINES.findLastIndex((line) => line.startsWith('RUN')));
  });
});
