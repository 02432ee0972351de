import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const PLACES = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export const HOW_TO_GET_ONE = `The tests need a Chromium, and none was found. Any of these will do, then run the same command again:
  * Debian or Ubuntu:  sudo apt-get install chromium
  * any system:        npx playwright install chromium
  * your own:          CHROMIUM=/path/to/chrome npm test`;

/** Path of a Chromium: the CHROMIUM variable, the system's, Playwright's, or Debian's package when we may install it. */
export function findChromium() {
  return fromVariable() ?? fromSystem() ?? fromPlaywright() ?? fromDebian();
}

function fromVariable() {
  const path = process.env.CHROMIUM;
  if (!path) return undefined;
  if (existsSync(path)) return path;
  console.error(`CHROMIUM names ${path}, but there is no such file; looking elsewhere.`);
  return undefined;
}

function fromSystem() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).concat(PLACES);
  return candidates.find((path) => existsSync(path));
}

function fromPlaywright() {
  const caches = [join(homedir(), '.cache/ms-playwright'), join(homedir(), 'Library/Caches/ms-playwright')];
  const binaries = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  return caches
    .filter((cache) => existsSync(cache))
    .flatMap((cache) =>
      readdirSync(cache)
        .filter((f) => f.startsWith('chromium-'))
        .sort()
        .reverse()
        .map((f) => join(cache, f)),
    )
    .flatMap((folder) => binaries.map((binary) => join(folder, binary)))
    .find((path) => existsSync(path));
}

function fromDebian() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.error("Installing Debian's chromium for the browser tests …");
  const apt = (args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt(['update', '-qq']);
  apt(['install', '-y', '-qq', 'chromium']);
  return fromSystem();
}
