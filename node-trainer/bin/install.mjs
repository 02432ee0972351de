// Plain Node without dependencies: this runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..', '..');
const STAMP = join(ROOT, 'node_modules', '.menagerie-lock');

/** Ends the process with a plain message when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Menagerie needs Node 20.19 or newer; this is ${process.versions.node}.\nGet it from your system's packages or from nodejs.org, then run the same command again.`,
  );
  process.exit(2);
}

/** Installs the packages of the lock file unless exactly these are already there, whoever installed them. */
export function ensureInstalled() {
  const text = readFileSync(join(ROOT, 'package-lock.json'));
  const lock = createHash('sha256').update(text).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  if (isInstalled(JSON.parse(text))) {
    writeFileSync(STAMP, lock);
    return;
  }
  console.error('Installing packages (once; one to three minutes) …');
  if (!npm(['ci', '--no-audit', '--no-fund'])) {
    console.error(
      'The packages could not be installed. Nothing else was changed. Check the network and the disk (1.5 GB), then run the same command again.',
    );
    process.exit(1);
  }
  writeFileSync(STAMP, lock);
}

/** npm lists what it installed, last of all; optional packages may be missing. */
function isInstalled(lock) {
  const list = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const { packages: found } = JSON.parse(readFileSync(list, 'utf8'));
  const wanted = Object.entries(lock.packages).filter(
    ([path, entry]) => path && !entry.optional && !entry.link,
  );
  return wanted.every(([path, { version }]) => found[path]?.version === version);
}

/** Runs npm in the project's root; true when it succeeded. */
export function npm(args, options = {}) {
  return (
    spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32', ...options })
      .status === 0
  );
}
