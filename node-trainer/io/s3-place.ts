import { checkKey, FileStoreError } from './store-key.ts';

/** A place in an S3-compatible store, and how to get there. */
export interface S3Place {
  readonly place: string;
  /** Address of the bucket, without a slash at its end. */
  readonly bucket: string;
  /** Put before every key: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** Whether a place is meant to be in an S3-compatible store. */
export function isS3(place: string): boolean {
  return /^s3:/i.test(place);
}

/** Part before the first slash behind `s3://bucket/`: `s3://zoo/a/b.zip` → bucket `zoo`, path `a/b.zip`. */
function splitS3(place: string): { readonly bucket: string; readonly path: string } {
  const [, bucket = '', path = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(place) ?? [];
  if (bucket === '')
    throw new FileStoreError(
      'place',
      `${JSON.stringify(place.slice(0, 200))} is no place in a store. Expected s3://bucket/prefix; a bucket's name has 3 to 63 lower-case letters, digits, dots or dashes.`,
    );
  const trimmed = path.replace(/\/$/, '');
  return { bucket, path: trimmed === '' ? '' : checkKey(trimmed) };
}

/** The store and the name of one file in it: `s3://zoo/a/b.csv` → `s3://zoo/a` and `b.csv`. */
export function splitFile(place: string): { readonly root: string; readonly name: string } {
  splitS3(place);
  const slash = place.lastIndexOf('/');
  return { root: place.slice(0, slash), name: place.slice(slash + 1) };
}

/**
 * Reads an address and the usual environment variables.
 * @throws FileStoreError naming what is missing
 */
export function s3Place(place: string, env: NodeJS.ProcessEnv): S3Place {
  const { bucket, path } = splitS3(place);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    throw new FileStoreError(
      'denied',
      `${place} needs keys: set the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_ENDPOINT_URL for a store of your own).`,
    );
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  return {
    place,
    bucket: `${endpoint(env, region)}/${bucket}`,
    prefix: path === '' ? '' : `${path}/`,
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
  };
}

function endpoint(env: NodeJS.ProcessEnv, region: string): string {
  const given = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  if (!given) return `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(given) || !/^https?:/.test(given))
    throw new FileStoreError('place', `AWS_ENDPOINT_URL: expected an http(s) address, got "${given}".`);
  return given.replace(/\/+$/, '');
}
