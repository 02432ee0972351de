// `npm run native [-- --cuda]`: links @tensorflow/tfjs-node-gpu to a current TensorFlow taken from a pip wheel.
// The result lies in `.native/`, which `npm ci` leaves alone. Every step is skipped when its result is already there.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { ensureInstalled, npm, requireNode, ROOT } from './install.mjs';

const VERSION = '4.22.0';
const CUDA = process.argv.includes('--cuda');
/** The C interface that the binding uses is the same in all of these. */
const WHEEL = CUDA ? 'tensorflow[and-cuda]>=2.17,<3' : 'tensorflow-cpu>=2.17,<3';

const HOME = join(ROOT, '.native');
const WHEELS = join(HOME, 'wheels');
const SITE = join(HOME, 'site');
const PACKAGE = join(HOME, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
const BINDING = join(PACKAGE, 'lib', 'napi-v8', 'tfjs_binding.node');
const DONE = join(HOME, 'done.json');
const KIND = { tfjs: VERSION, wheel: WHEEL };

/** Only the libraries and headers that the binding needs: a third of the wheel. */
const UNPACK = `
import glob, sys, zipfile
wanted = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2', 'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/', 'tensorflow/include/tsl/', 'tensorflow/include/xla/tsl/', 'nvidia/')
for wheel in glob.glob(sys.argv[1] + '/*.whl'):
    with zipfile.ZipFile(wheel) as z:
        z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith(wanted)])
`;

const NOT_USABLE = 5;

requireNode();
if (!existsSync(join(ROOT, 'node_modules', '@tensorflow', 'tfjs-core'))) ensureInstalled();
if (isDone() && verify()) process.exit(0);
const python = requireTools();
if (existsSync(DONE)) rmSync(DONE);
installPackage();
fetchTensorFlow(python);
linkLibraries();
buildBinding();
if (!verify()) stop('The binding was built, but TensorFlow does not compute. The lines above say why.');
writeFileSync(DONE, JSON.stringify(KIND));
rmSync(WHEELS, { recursive: true, force: true });

function isDone() {
  return existsSync(DONE) && readFileSync(DONE, 'utf8') === JSON.stringify(KIND) && existsSync(BINDING);
}

function requireTools() {
  if (process.platform !== 'linux') stop('The TensorFlow engine can be linked on Linux only.');
  const found = ['python3', 'python'].find((name) => succeeds(name, ['-m', 'pip', '--version']));
  if (!found) stop('Python with pip is needed to fetch TensorFlow (Debian: apt-get install python3-pip).');
  for (const tool of ['g++', 'make']) {
    if (!succeeds(tool, ['--version'])) {
      stop(`${tool} is needed to build the binding (Debian: apt-get install build-essential).`);
    }
  }
  return found;
}

/** The package without its scripts, which would download a TensorFlow of 2022, and without a second TensorFlow.js. */
function installPackage() {
  step(`1/4 package @tensorflow/tfjs-node-gpu ${VERSION}`);
  if (existsSync(join(PACKAGE, 'binding.gyp'))) return;
  const standIn = join(HOME, 'stand-in');
  mkdirSync(standIn, { recursive: true });
  writeJson(join(standIn, 'package.json'), { name: '@tensorflow/tfjs', version: VERSION });
  writeJson(join(HOME, 'package.json'), {
    name: 'menagerie-native',
    private: true,
    dependencies: { '@tensorflow/tfjs-node-gpu': VERSION },
    overrides: { '@tensorflow/tfjs': 'file:./stand-in' },
  });
  if (!npm(['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HOME })) {
    stop('The package could not be fetched from the npm registry.');
  }
  // Without the stand-in, Node finds the project's own copy further up: two copies would be two engines.
  rmSync(join(HOME, 'node_modules', '@tensorflow', 'tfjs'), { recursive: true, force: true });
}

function fetchTensorFlow(pythonName) {
  step(`2/4 ${WHEEL} (some hundred MB)`);
  const kind = join(SITE, 'wheel.txt');
  if (existsSync(kind) && readFileSync(kind, 'utf8') === WHEEL) return;
  mkdirSync(WHEELS, { recursive: true });
  if (!download(pythonName)) stop('pip found no TensorFlow for this machine.');
  const aside = `${SITE}.partial`;
  for (const folder of [aside, SITE]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(aside);
  if (!run(pythonName, ['-c', UNPACK, WHEELS, aside]))
    stop('The wheel could not be unpacked (is the disk full?).');
  writeFileSync(join(aside, 'wheel.txt'), WHEEL);
  renameSync(aside, SITE);
}

function download(pythonName) {
  const get = ['-m', 'pip', 'download', '--retries', '1', '--only-binary=:all:', '--dest', WHEELS];
  const what = CUDA ? [WHEEL] : ['--no-deps', WHEEL];
  // The C library does not care for the version of Python, so one of another will do.
  return run(pythonName, [...get, ...what]) || run(pythonName, [...get, '--python-version', '3.12', ...what]);
}

function linkLibraries() {
  step('3/4 links to the libraries');
  const from = join(SITE, 'tensorflow');
  const deps = join(PACKAGE, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, 'lib'), { recursive: true });
  symlinkSync(join(from, 'include'), join(deps, 'include'));
  const [cc, framework] = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  const links = [
    ['libtensorflow.so', cc],
    [cc, cc],
    ['libtensorflow_framework.so', framework],
    [framework, framework],
  ];
  for (const [name, target] of links) symlinkSync(join(from, target), join(deps, 'lib', name));
}

function buildBinding() {
  step('4/4 binding (about a minute)');
  const args = [
    'rebuild',
    '--napi_build_version=8',
    '--module_name=tfjs_binding',
    '--module_path=./lib/napi-v8',
  ];
  const env = { ...process.env, CXXFLAGS: `${process.env.CXXFLAGS ?? ''} -std=c++17` };
  const headers = resolve(dirname(process.execPath), '..');
  if (existsSync(join(headers, 'include', 'node', 'node_api.h'))) args.push(`--nodedir=${headers}`);
  const built = spawnSync(process.execPath, [nodeGyp(), ...args], { cwd: PACKAGE, env, encoding: 'utf8' });
  const made = join(PACKAGE, 'build', 'Release', 'tfjs_binding.node');
  if (built.status !== 0 || !existsSync(made)) {
    console.error(`${built.stdout}\n${built.stderr}`.trim().split('\n').slice(-25).join('\n'));
    stop('The binding could not be built. The lines above are the end of what the compiler said.');
  }
  mkdirSync(dirname(BINDING), { recursive: true });
  copyFileSync(made, BINDING);
}

/** npm brings its own; inside `npm run` it says where. */
function nodeGyp() {
  const own = 'node_modules/npm/node_modules/node-gyp/bin/node-gyp.js';
  const prefix = resolve(dirname(process.execPath), '..');
  const places = [process.env.npm_config_node_gyp, join(prefix, 'lib', own), join(prefix, 'share', own)];
  const found = places.find((place) => place && existsSync(place));
  return found ?? stop('node-gyp was not found. Start this by `npm run native`, so that npm brings its own.');
}

/** Runs the engine's own start, probe included, in a process of its own: a crash there is an answer too. */
function verify() {
  const code = `
    const { register } = await import('tsx/esm/api'); register();
    const { startEngine } = await import('./node-trainer/engines/engine.ts');
    const { detail } = await startEngine('tensorflow');
    console.log('The tensorflow engine works: ' + detail + '.'); process.exit(0);`;
  return run(process.execPath, ['--input-type=module', '-e', code]);
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run(command, args) {
  return spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function step(what) {
  console.error(`${what} …`);
}

function stop(why) {
  const kept = existsSync(HOME) ? readdirSync(HOME).length : 0;
  console.error(why);
  console.error(
    `Everything else works without it: the trainer uses the next engine.${kept ? ' What was fetched is kept.' : ''} ` +
      'Mend it and run the same command again; it goes on where it was.',
  );
  process.exit(NOT_USABLE);
}
