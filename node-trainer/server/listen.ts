import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

/** The port is in use, or may not be used. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/** A server that answers. */
export interface Listening {
  /** Address for a browser on this machine. */
  readonly url: string;
  readonly port: number;
  /** Stops taking requests, lets the running ones finish for a moment, then ends them. */
  readonly close: () => Promise<void>;
}

/** Where to listen. */
export interface Door {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** How many ports after it may be tried where it is taken. */
  readonly more?: number;
}

const GRACE = 3000;
/** Half-open connections are ended, so that they can't use up the server. */
const SLOW = 15_000;

/**
 * Opens the door.
 * @throws PortTaken where no port that may be tried is free
 */
export async function listen(app: Hono, { host, port, more = 0 }: Door): Promise<Listening> {
  for (let at = port; ; at += 1) {
    const server = createAdaptorServer({ fetch: app.fetch }) as Server;
    server.headersTimeout = SLOW;
    server.requestTimeout = 2 * SLOW;
    const error = await tryListen(server, host, at);
    if (!error) return listening(server, host);
    const isTaken = error.code === 'EADDRINUSE';
    if (isTaken && at < port + more) continue;
    throw new PortTaken(
      isTaken
        ? `Port ${at} is in use. Is Menagerie running already? Take another one with --port.`
        : `Port ${at} on ${host} can't be opened (${String(error.code)}). Take another one with --port or --host.`,
    );
  }
}

function tryListen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((done) => {
    server.once('error', done);
    server.listen(port, host, () => {
      server.off('error', done);
      done(null);
    });
  });
}

function listening(server: Server, host: string): Listening {
  const { port } = server.address() as AddressInfo;
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny || host === '127.0.0.1' || host === '::1' ? 'localhost' : host;
  const close = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done));
    server.closeIdleConnections();
    const end = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE);
    await closed;
    clearTimeout(end);
  };
  return { url: `http://${name}:${port}`, port, close };
}
