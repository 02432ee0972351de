// The page of the bulk bench: runs jobs through the app's own library, and the ways to compare with in workers.
import { labelKey } from '../../shared/schema/names.ts';
import { createLibrary } from '../../web/state/library.svelte.ts';
import { probeNetwork } from '../../web/workers/probe.ts';
import { publish } from './bulk.store.mjs';

const CLASSES = 20;
/** Pictures before those that are timed. */
const WARM = 16;
const pictures = [];
const labels = Array.from({ length: CLASSES }, (_, i) => {
  const name = `Animal ${i}`;
  return { id: labelKey(name), name, subClasses: [labelKey(name)], note: '' };
});

/** Workers of the bench, started once: compiling a network is not what is measured. */
const helpers = [0, 1].map(
  () => new Worker(new URL('./bulk.worker.mjs', import.meta.url), { type: 'module' }),
);
const onnx = new Worker(new URL('./bulk.onnx.worker.mjs', import.meta.url), { type: 'module' });

const network = await ask(helpers[0], { kind: 'network' });
await Promise.all(helpers.map((worker) => ask(worker, { kind: 'load', ...network })));
await ask(onnx, { kind: 'load', ...network });
const tiny = probeNetwork();
const store = await publish([
  { version: 1, ...network, labels },
  { version: 2, file: tiny.file, weights: new Uint8Array(tiny.weights), labels: labels.slice(0, 4) },
]);
globalThis.fetch = store;

/** One library a number of workers: it settles that when it is made. */
const libraries = {};
for (const workers of [1, 2]) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: workers, configurable: true });
  libraries[workers] = createLibrary();
  await libraries[workers].open();
}

const ways = {
  bareOne: (count) => ask(helpers[0], { kind: 'bare', count }),
  jobOne: (count) => job(libraries[1], count, 1),
  onnx: (count) => ask(onnx, { kind: 'job', files: filesOf(count) }),
  bareTwo: (count) => Promise.all(helpers.map((worker) => ask(worker, { kind: 'bare', count: count / 2 }))),
  jobTwo: (count) => job(libraries[2], count, 1),
};

globalThis.bench = {
  take: (text) => pictures.push(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))])),
  /** Warmed up: workers that had nothing to do for a while were ended. @returns images a second */
  run: async (way, count) => {
    await ways[way](WARM);
    return rate(count, () => ways[way](count));
  },
  many: (count) => job(libraries[2], count, 2),
  /** Pictures that the job under way has done. */
  done: () => libraries[2].bulk.jobs[0]?.done ?? 0,
};

async function rate(count, work) {
  const start = performance.now();
  await work();
  return (count * 1000) / (performance.now() - start);
}

function filesOf(count) {
  return Array.from({ length: count }, (_, i) => {
    const file = new File([pictures[i % pictures.length]], `${i}.jpg`);
    Object.defineProperty(file, 'webkitRelativePath', { value: `pictures/${i}.jpg` });
    return file;
  });
}

async function job({ bulk }, count, version) {
  const id = await bulk.start({ kind: 'files', name: 'bench', files: filesOf(count), folder: null, version });
  for (;;) {
    const { status, done, problems } = bulk.jobs.find((one) => one.id === id);
    if (status.kind === 'finished') {
      if (done !== count || problems.length > 0) throw new Error(JSON.stringify({ done, problems }));
      break;
    }
    if (status.kind === 'paused') throw new Error(status.message);
    await new Promise((again) => setTimeout(again, 20));
  }
  await bulk.forget(id);
}

function ask(worker, question) {
  return new Promise((done, fail) => {
    worker.onmessage = ({ data }) => (data.error ? fail(new Error(data.error)) : done(data.answer));
    worker.onerror = (event) => fail(new Error(event.message));
    worker.postMessage(question);
  });
}
