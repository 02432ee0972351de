import { setTimeout as wait } from 'node:timers/promises';

import { AwsClient } from 'aws4fetch';

import type { S3Place } from './s3-place.ts';
import { FileStoreError } from './store-key.ts';

/** Tries of one request; between them 0.2, 0.4, 0.8 … seconds, about. */
const TRIES = 5;
const FIRST_WAIT = 200;
/** Until an answer begins. A large file may take longer to send, so that is not counted. */
const PATIENCE = 60_000;

/** How a request differs from a plain one. */
interface Asked {
  /** Makes the body, once for every try. */
  readonly body?: () => Promise<Blob>;
  /** 404 is an answer: null. */
  readonly absent?: boolean;
}

/**
 * Asks the bucket for something and tries again where that may help: no connection, 5xx, 429.
 * @param path behind the bucket's address, encoded
 * @throws FileStoreError that says what the store answered
 */
export type Ask = (method: 'GET' | 'HEAD' | 'PUT', path: string, asked: Asked) => Promise<Response | null>;

export function s3Requests(place: S3Place): Ask {
  const { region, accessKeyId, secretAccessKey, sessionToken } = place;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    region,
    service: 's3',
    retries: 0,
  });
  return async (method, path, { body, absent = false }) => {
    let last = '';
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) await wait(FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + Math.random()));
      const answer = await send(client, place.bucket + path, method, await body?.());
      if (typeof answer === 'string') last = answer;
      else if (answer.ok) return answer;
      else if (answer.status === 404 && absent) return null;
      else if (answer.status < 500 && answer.status !== 429) throw await refused(answer, place);
      else last = `it answered ${answer.status}`;
      if (typeof answer !== 'string') await answer.body?.cancel();
    }
    throw new FileStoreError(
      'unreachable',
      `${place.place} can't be reached: ${last}, ${TRIES} times. Check AWS_ENDPOINT_URL and the network, then run the same command again; what was stored is kept.`,
    );
  };
}

/** @returns the answer, or what went wrong on the way */
async function send(client: AwsClient, url: string, method: string, body?: Blob): Promise<Response | string> {
  const late = new AbortController();
  const timer = setTimeout(
    () => {
      late.abort(new Error(`no answer within ${PATIENCE / 1000} s`));
    },
    PATIENCE + (body?.size ?? 0) / 1000,
  );
  try {
    return await client.fetch(url, { method, signal: late.signal, ...(body && { body }) });
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : message;
  } finally {
    clearTimeout(timer);
  }
}

async function refused(answer: Response, { place }: S3Place): Promise<FileStoreError> {
  const said = /<Code>(\w{1,100})<\/Code>/.exec((await answer.text()).slice(0, 10_000))?.[1];
  const what = `${place}: the store answered ${answer.status}${said ? ` (${said})` : ''}.`;
  if (answer.status === 404) return new FileStoreError('missing', `${what} Is the bucket's name right?`);
  return new FileStoreError(
    'denied',
    `${what} Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do.`,
  );
}
