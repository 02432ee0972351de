// What benches of the built app share: the server, a browser with a profile of its own, and its memory.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { findChromium } from '../chromium.mjs';

/** Serves the built app, with nothing published. @returns its address, and how to stop it */
export async function serveApp(folder) {
  const places = ['--models', join(folder, 'models'), '--data', join(folder, 'data')];
  const command = join(ROOT, 'node-trainer/bin/menagerie.mjs');
  const server = spawn(process.execPath, [command, 'serve', '--port', '0', ...places]);
  const url = await new Promise((done) => {
    const look = (chunk) => {
      const found = /https?:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(String(chunk));
      if (found) done(found[0]);
    };
    server.stdout.on('data', look);
    server.stderr.on('data', look);
  });
  return { url, stop: () => server.kill() };
}

/** Tests and benches may put scripts of their own into the page. */
export function openBrowser(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: ['--no-sandbox', '--js-flags=--expose-gc'],
    viewport: { width: 1280, height: 800 },
    bypassCSP: true,
  });
}

/** Memory of all processes of the browser with this profile: proportional set size, in MB. */
export function browserMemory(profile) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const [command, status] = [read(pid, 'cmdline'), read(pid, 'status')];
      return [{ pid, command, parent: /^PPid:\s+(\d+)/m.exec(status)?.[1] }];
    });
  const ours = new Set(processes.filter((p) => p.command.includes(profile)).map((p) => p.pid));
  for (let before = 0; before < ours.size;) {
    before = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  let kilobytes = 0;
  for (const pid of ours) kilobytes += Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0);
  return kilobytes / 1024;
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

/** Runs work while looking at the memory ten times a second. @returns seconds, and megabytes above the start */
export async function watched(profile, work) {
  const base = browserMemory(profile);
  let peak = base;
  const timer = setInterval(() => (peak = Math.max(peak, browserMemory(profile))), 100);
  const start = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return { seconds: (performance.now() - start) / 1000, memory: peak - base };
}
