import { join, resolve } from 'node:path';

import { type Command, InvalidArgumentError } from 'commander';

import { takeOverStop } from './signals.ts';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly models?: string;
  readonly web: string;
  readonly nextFreePort?: boolean;
}

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Serves the app, the published versions and the sample library until it is stopped. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the app, the published versions and the sample library')
    .option('--port <n>', 'port; 0 takes any free one', portNumber, 4180)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for the whole network', '127.0.0.1')
    .option('--data <folder>', 'folder with sample/', join(ROOT, '.data'))
    .option('--models <store>', 'model store (default: models/ in the data folder)')
    .option('--web <folder>', 'the built app', join(ROOT, 'dist', 'web'))
    .option('--next-free-port', 'where the port is in use, take one of the next twenty')
    .action(serve);
}

async function serve({ port, host, data, models, web, nextFreePort = false }: Options): Promise<void> {
  const { createApp } = await import('../server/app.ts');
  const { listen } = await import('../server/listen.ts');
  const places = {
    web: resolve(web),
    models: resolve(models ?? join(data, 'models')),
    sample: resolve(data, 'sample'),
  };
  const server = await listen(createApp(places), { host, port, more: nextFreePort ? 20 : 0 });
  process.stdout.write(`Menagerie: ${server.url}\n`);
  process.stderr.write(`${hints(host, places.models)}\n`);
  await new Promise<void>((done) => {
    takeOverStop(done);
  });
  process.stderr.write('\nStopping …\n');
  await server.close();
}

function hints(host: string, models: string): string {
  const phones =
    'Phones need HTTPS for the camera and for working offline: put a server with a certificate in front.';
  const reach =
    host === '127.0.0.1' ? 'Only this machine can reach it; --host 0.0.0.0 opens it to the network.' : '';
  return [reach, phones, `Models: ${models}`, 'Ctrl-C stops it.'].filter(Boolean).join('\n');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a port from 0 to 65535');
}
