// `npm run bench`: runs every bench and prints one table. A bench is a module in bench/ with a function that returns
// rows [what, figure, unit, goal?]; add it to the list below. `npm run bench -- inference` runs that one alone.
import { register } from 'tsx/esm/api';

register();

const BENCHES = {
  inference: async () => (await import('./bench/inference.mjs')).benchInference(),
  explain: async () => (await import('./bench/explain.mjs')).benchExplain(),
  training: async () => (await import('./bench/training.mjs')).benchTraining(),
  pipeline: async () => (await import('./bench/pipeline.mjs')).benchPipeline(),
  scores: async () => (await import('./bench/scores.mjs')).benchScores(),
  threshold: async () => (await import('./bench/threshold.mjs')).benchThreshold(),
  'training-step': async () => (await import('./bench/training-step.mjs')).benchTrainingStep(),
  evaluate: async () => (await import('./bench/evaluate.mjs')).benchEvaluate(),
  duplicates: async () => (await import('./bench/duplicates.mjs')).benchDuplicates(),
  library: async () => (await import('./bench/library.mjs')).benchLibrary(),
  'library-scale': async () => (await import('./bench/library-scale.mjs')).benchLibraryScale(),
  'three-up': async () => (await import('./bench/three-up.mjs')).benchThreeUp(),
  export: async () => (await import('./bench/export.mjs')).benchExport(),
  import: async () => (await import('./bench/import.mjs')).benchImport(),
  bulk: async () => (await import('./bench/bulk.mjs')).benchBulk(),
};

/** Only when named: takes about an hour. */
const LONG = {
  recipes: async () => (await import('./bench/recipes.mjs')).benchRecipes(),
};

const wanted = process.argv.slice(2);
const all = { ...BENCHES, ...LONG };
const unknown = wanted.find((name) => !Object.hasOwn(all, name));
if (unknown) {
  console.error(`No bench is called "${unknown}"; there are: ${Object.keys(all).join(', ')}.`);
  process.exit(2);
}

for (const [name, run] of Object.entries(wanted.length > 0 ? all : BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  for (const [what, figure, unit, goal = ''] of await run()) {
    console.log(`  ${what.padEnd(64)} ${figure.toFixed(2).padStart(9)} ${unit.padEnd(9)} ${goal}`);
  }
}
