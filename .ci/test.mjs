// `npm test`: installs what is missing, then lint, types, unit tests, browser tests and the walk around the loop.
// Ends with the true sum of all suites alone on a line.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureInstalled, npm, requireNode, ROOT } from '../node-trainer/bin/install.mjs';
import { findChromium, HOW_TO_GET_ONE } from './chromium.mjs';

requireNode();
ensureInstalled();
const chromium = findChromium();
if (!chromium) {
  console.error(HOW_TO_GET_ONE);
  process.exit(1);
}

const reports = mkdtempSync(join(tmpdir(), 'menagerie-test-'));
const env = { ...process.env, CHROMIUM: chromium, FORCE_COLOR: '0' };
const total = { passed: 0, failed: 0, skipped: 0 };
const seconds = [];

/** A check without tests of its own: only its failure counts. */
function check(name, args) {
  timed(name, () => {
    if (!npm(args, { env })) total.failed += 1;
  });
}

function vitest(project) {
  const file = join(reports, `${project}.json`);
  timed(project, () => {
    const ok = npx([
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]);
    const report = readReport(file);
    add(report?.numPassedTests, report?.numFailedTests, report?.numPendingTests, ok);
  });
}

function playwright() {
  const file = join(reports, 'e2e.json');
  timed('e2e', () => {
    const ok = npx(['playwright', 'test', '-c', 'e2e', '--reporter=list,json'], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    });
    const stats = readReport(file)?.stats;
    add(stats?.expected, stats ? stats.unexpected + stats.flaky : undefined, stats?.skipped, ok);
  });
}

/** A suite that broke before it could count its tests has failed once. */
function add(passed = 0, failed = 0, skipped = 0, ok = false) {
  total.passed += passed;
  total.skipped += skipped;
  total.failed += !ok && failed === 0 ? 1 : failed;
}

function npx(args, more = {}) {
  const local = join(ROOT, 'node_modules', '.bin', args[0]);
  return (
    spawnSync(local, args.slice(1), {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...env, ...more },
      shell: process.platform === 'win32',
    }).status === 0
  );
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function timed(name, run) {
  const start = Date.now();
  console.log(`\n== ${name}`);
  run();
  seconds.push(`${name} ${Math.round((Date.now() - start) / 1000)} s`);
}

check('lint', ['run', '--silent', 'lint']);
check('types', ['run', '--silent', 'check']);
vitest('node');
vitest('browser');
check('build', ['run', '--silent', 'build']);
check('sizes', ['run', '--silent', 'size']);
playwright();

rmSync(reports, { recursive: true, force: true });
console.log(`\n${seconds.join(', ')}`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed === 0 ? 0 : 1);
