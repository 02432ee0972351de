// `npm start [-- <folder of photos>] [--port N] …`: sets up what is missing, then serves. Each step is skipped when its
// result is there, so a start that was cut goes on where it was.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { ensureInstalled, npm, requireNode, ROOT } from './install.mjs';

const USAGE =
  'npm start -- [folder or zip of photos] [--port N] [--host ADDRESS] [--data FOLDER] [--models STORE]';
const SOURCES = ['web', 'shared', 'public', 'vite.config.ts', 'package-lock.json'];

requireNode();
const { folder, options } = readArguments();
ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
buildApp();
await prepare();
const { main } = await import('../cli.ts');
await main([process.execPath, 'menagerie', 'serve', '--next-free-port', ...serveArguments()]);

function readArguments() {
  const text = { type: 'string' };
  try {
    const { values, positionals } = parseArgs({
      options: { port: text, host: text, data: text, models: text, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(`Usage: ${USAGE}`);
      return process.exit(0);
    }
    if (positionals.length > 1) throw new Error('Only one folder of photos can be offered.');
    const source = positionals[0] === undefined ? null : resolve(positionals[0]);
    if (source !== null && !existsSync(source)) throw new Error(`There is no file or folder ${source}.`);
    return { folder: source, options: { ...values, ...places(source, values) } };
  } catch (error) {
    console.error(`${error.message}\nUsage: ${USAGE}`);
    return process.exit(2);
  }
}

/** Own photos get a data folder of their own: a model of the drawn zoo knows nothing about them. */
function places(source, { data, models }) {
  const own =
    source === null ? '' : `photos-${createHash('sha256').update(source).digest('hex').slice(0, 12)}`;
  const home = resolve(data ?? join(ROOT, '.data', own));
  return { data: home, models: resolve(models ?? join(home, 'models')) };
}

function buildApp() {
  // The service worker is written last: with it, the build is whole.
  const built = join(ROOT, 'dist', 'web', 'sw.js');
  if (existsSync(built) && newest(SOURCES.map((name) => join(ROOT, name))) <= statSync(built).mtimeMs) return;
  console.error('Building the app (some seconds) …');
  if (npm(['run', '--silent', 'build'])) return;
  console.error('The app could not be built; the lines above say why. Nothing else was changed.');
  process.exit(1);
}

function newest(paths) {
  const times = paths
    .filter((path) => existsSync(path))
    .map((path) => {
      const info = statSync(path);
      return info.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : info.mtimeMs;
    });
  return Math.max(0, ...times);
}

/** Without a sample or a model the app still works, so a failure here is told but stops nothing. */
async function prepare() {
  const { data, models } = options;
  const log = (line) => {
    console.error(line);
  };
  try {
    if (folder === null) {
      const { prepareSample } = await import('../sample/prepare.ts');
      await prepareSample({ data, models, log });
    } else {
      const { prepareOwnPhotos } = await import('../sample/own-photos.ts');
      await prepareOwnPhotos({ source: folder, data, log });
      if (!existsSync(join(models, 'catalog.json'))) log(howToTrain(models));
    }
  } catch (error) {
    console.error(
      `${error.message}\nThe app starts without it. What was finished is kept; the next start tries again.`,
    );
  }
}

function howToTrain(models) {
  const library = join(options.data, 'sample');
  const run = join(options.data, 'run');
  return `No model knows these photos yet. To train one (a class needs 40 photos; --weights names a pretrained backbone):
  npm run menagerie -- run --library ${library} --run ${run} --models ${models}`;
}

function serveArguments() {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
}
