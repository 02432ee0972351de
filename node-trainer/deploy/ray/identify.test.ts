import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { identifyPhotos } from '../../run/identify-photos.ts';
import { drawColours } from '../../testing/colours.ts';
import { scratch } from '../../testing/shapes.ts';
import { pythonWith } from '../../testing/python.ts';
import { tinyVersion } from '../../testing/tiny-version.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const DRIVER = join(import.meta.dirname, 'identify.py');
const TWO_NODES = join(ROOT, 'node-trainer', 'testing', 'two-nodes.py');
const MENAGERIE = `${process.execPath} ${join(ROOT, 'node-trainer', 'bin', 'menagerie.mjs')}`;

/** A Python that has Ray; none: `python3 -m venv x && x/bin/pip install ray`, then `MENAGERIE_PYTHON=x/bin/python`. */
const python = pythonWith('ray.cluster_utils');

/** stdout, when it ended well. */
async function run(args: readonly string[]): Promise<string> {
  const env = { ...process.env, MENAGERIE, ENGINE: 'cpu', RAY_USAGE_STATS_ENABLED: '0' };
  const child = spawn(python ?? '', args, { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`ended with ${String(code)}: ${stderr || stdout}`);
  return stdout;
}

test.skipIf(!python || process.platform !== 'linux')(
  `two Ray nodes, one is killed in the middle: all 1 000 photos, each once${python ? '' : ' (skipped: no Python with ray)'}`,
  async () => {
    const folder = await scratch();
    const photos = await drawColours(join(folder, 'photos'), 1000);
    const model = await tinyVersion(join(folder, '007'));
    const [parts, out, alone] = [join(folder, 'parts'), join(folder, 'table.csv'), join(folder, 'alone.csv')];
    const places = [photos, '--model', model, '--parts', parts, '--out', out, '--shards', '6'];
    const lines = (await run([TWO_NODES, parts, DRIVER, ...places])).trimEnd().split('\n');
    const killed = JSON.parse(lines.at(-1) ?? '') as { node: string; shard: number; parts: number };
    const done = lines.filter((line) => line.startsWith('shard '));
    const nodeOf = (line: string): string => /\(node (\w+)\)/.exec(line)?.[1] ?? '';
    expect(killed.parts).toBeGreaterThanOrEqual(2);
    expect(new Set(done.map(nodeOf)).size).toBe(2);
    const lost = done.filter((line) => line.startsWith(`shard ${killed.shard}/6`));
    expect(lost.map(nodeOf)).not.toContain(killed.node);
    expect(lines.find((line) => line.startsWith('6 parts'))).toMatch(/1000 photos: 1000 identified/);
    await identifyPhotos({ source: photos, model, out: alone, engine: 'cpu', onProgress: () => undefined });
    expect(await readFile(out, 'utf8')).toBe(await readFile(alone, 'utf8'));
  },
  180_000,
);
