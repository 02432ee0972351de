import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import S3rver from 's3rver';
import { onTestFinished } from 'vitest';

import { scratch } from './shapes.ts';
import { isSigned } from './sigv4.ts';

/** A running S3-compatible server for one test, with a bucket `zoo`. */
export interface S3 {
  /** The variables that lead to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Lets the next `times` requests fail: with a status, or by a connection that is cut after the first piece. */
  readonly fail: (how: number | 'cut', times: number) => void;
  /** Method and path of every request so far. */
  readonly asked: readonly string[];
}

/** Starts it on a free port, with a gate before it that checks signatures and can break. */
export async function startS3(): Promise<S3> {
  const directory = join(await scratch(), 's3');
  const server = new S3rver({ directory, silent: true, configureBuckets: [{ name: 'zoo', configs: [] }] });
  await server.configureBuckets();
  const answer = server.getMiddleware();
  const asked: string[] = [];
  let [how, left]: [number | 'cut', number] = [500, 0];
  const gate = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (left-- > 0) {
      if (how === 'cut') cutShort(response);
      else {
        request.resume();
        response.writeHead(how).end();
        return;
      }
    }
    if (!isSigned(request, 'S3RVER')) {
      request.resume();
      response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      return;
    }
    answer(request, response);
  });
  await new Promise<void>((done) => gate.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    gate.closeAllConnections();
    gate.close();
  });
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
    AWS_REGION: 'us-east-1',
  };
  const fail: S3['fail'] = (next, times) => {
    [how, left] = [next, times];
  };
  return { env, fail, asked };
}

/** Only a part of the first piece goes out; the size that was promised stays. */
function cutShort(response: ServerResponse): void {
  const write = response.write.bind(response) as (piece: Buffer, sent: () => void) => boolean;
  let first = true;
  response.write = ((piece: Buffer) => {
    if (first) write(piece.subarray(0, piece.length >> 1), () => response.destroy());
    first = false;
    return false;
  }) as typeof response.write;
}
