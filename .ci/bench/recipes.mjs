// Every recipe on one library of real photos, each judged on photos it has never seen: right, answers, time, losses.
//   npm run bench -- recipes            all recipes on the engine that `auto` takes
//   RECIPES=two-stage ENGINE=wasm npm run bench -- recipes
// Needs the photos and backbones beside the project; says skipped where they are absent. Takes about an hour.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ROOT } from '../../node-trainer/bin/install.mjs';

const DATA = resolve(ROOT, '..', 'shared', 'data');
const BACKBONE = join(DATA, 'backbones', 'mobilenet-v2-1.0-224');
/** Each recipe with the flags that it needs on this library; from-scratch and warm-start begin small, as a laptop would. */
const RECIPES = [
  ['head-only', ['--weights', BACKBONE, '--input-size', '288']],
  ['two-stage', ['--weights', BACKBONE, '--input-size', '288']],
  ['fine-tune', ['--weights', BACKBONE, '--input-size', '288']],
  ['from-scratch', ['--weights', 'none', '--width', '0.35', '--input-size', '96']],
  ['warm-start', ['--weights', 'latest']],
];

/** @returns rows for the table: what, figure, unit */
export async function benchRecipes() {
  if (!existsSync(join(DATA, 'zoo')) || !existsSync(BACKBONE))
    return [['recipes: skipped, no real photos here', NaN, '']];
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-recipes-'));
  const wanted = (process.env.RECIPES ?? '').split(',').filter(Boolean);
  try {
    const rows = [];
    // Every recipe is published, the worse one too: the gate is not what is measured here.
    const targets = { v: 1, 'weighted-log-loss': { tolerance: 1000 } };
    await writeFile(join(folder, 'targets.json'), JSON.stringify(targets));
    menagerie('import', join(DATA, 'zoo'), '--out', join(folder, 'library'));
    for (const [recipe, flags] of RECIPES) {
      if (wanted.length > 0 && !wanted.includes(recipe)) continue;
      rows.push(...measure(folder, recipe, flags));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measure(folder, recipe, flags) {
  const [run, models] = [join(folder, recipe), join(folder, 'models')];
  menagerie(
    'run',
    '--library',
    join(folder, 'library'),
    '--run',
    run,
    '--models',
    models,
    '--targets',
    join(folder, 'targets.json'),
    '--recipe',
    recipe,
    ...flags,
  );
  const version = readdirSync(models)
    .filter((name) => /^\d+$/.test(name))
    .sort()
    .at(-1);
  const out = join(folder, `${recipe}.ndjson`);
  menagerie('identify', join(DATA, 'zoo-holdout'), '--model', join(models, version), '--out', out);
  const card = JSON.parse(readFileSync(join(models, version, 'card.json'), 'utf8'));
  const { labels } = JSON.parse(readFileSync(join(models, version, 'labels.json'), 'utf8'));
  const known = new Set(labels.map((label) => label.id));
  const seen = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((row) => ({ ...row, truth: row.file.split('/').at(-2).replaceAll('_', ' ') }))
    .filter((row) => known.has(row.truth) || known.has(row.truth.replaceAll(' ', '_')));
  const same = (a, b) => a?.replaceAll('_', ' ') === b;
  const right = seen.filter((row) => same(row.top[0].class, row.truth)).length;
  const answers = seen.filter((row) => row.answer !== null);
  const rightAnswers = answers.filter((row) => same(row.answer, row.truth)).length;
  const judged = card.metrics.find((m) => m.set === 'validation');
  return [
    [`${recipe}: right of ${seen.length} unseen photos`, (100 * right) / seen.length, '%'],
    [`${recipe}: answers at or above 95`, (100 * answers.length) / seen.length, '%'],
    [`${recipe}: answers that are right`, (100 * rightAnswers) / Math.max(1, answers.length), '%'],
    [`${recipe}: weighted log loss, validation`, judged?.weightedLogLoss ?? NaN, ''],
    [`${recipe}: training`, card.trainingSeconds / 60, 'minutes'],
  ];
}

function menagerie(...args) {
  const done = spawnSync(process.execPath, [join(ROOT, 'node-trainer/bin/menagerie.mjs'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (done.status !== 0) throw new Error(`menagerie ${args[0]} ended with ${done.status}`);
  return done.stdout;
}
