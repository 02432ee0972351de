import { WeightsError } from '#shared/model/weights-error.ts';

export interface DownloadOptions {
  /** Most bytes that are taken. */
  readonly limit: number;
  /** Milliseconds without a byte after which the server counts as gone (default one minute). */
  readonly patience?: number;
}

/**
 * Fetches a file whole, following redirects.
 * @returns null where the server has no such file
 * @throws WeightsError naming the address: not reachable, refused, cut off, silent for too long, too large
 */
export async function download(
  address: string,
  { limit, patience = 60_000 }: DownloadOptions,
): Promise<Uint8Array | null> {
  const stop = new AbortController();
  const silence = setTimeout(() => {
    stop.abort(new Error(`nothing came for ${patience / 1000} s`));
  }, patience);
  try {
    const response = await fetch(address, { signal: stop.signal }).catch((cause: unknown) => {
      throw new WeightsError(address, `can't be reached (${reasonOf(cause)})`);
    });
    if (response.status === 404 || response.status === 410) return null;
    if (!response.ok)
      throw new WeightsError(address, `the server answered ${response.status} ${response.statusText}`);
    if (address.startsWith('https:') && !response.url.startsWith('https:')) {
      throw new WeightsError(address, `leads to ${response.url}, which is not protected on its way`);
    }
    return await readBody(response, { address, limit, heard: () => silence.refresh() });
  } finally {
    clearTimeout(silence);
  }
}

async function readBody(
  response: Response,
  { address, limit, heard }: { address: string; limit: number; heard: () => void },
): Promise<Uint8Array> {
  // The length of a compressed answer is not that of the file.
  const plain = response.headers.get('content-encoding') === null;
  const announced = plain ? Number(response.headers.get('content-length') ?? NaN) : NaN;
  const tooLarge = (bytes: number): WeightsError =>
    new WeightsError(address, `${bytes} bytes, more than the ${limit} that are expected at most`);
  if (announced > limit) throw tooLarge(announced);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      heard();
      bytes += part.length;
      if (bytes > limit) throw tooLarge(bytes);
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof WeightsError) throw cause;
    const of = Number.isNaN(announced) ? '' : ` of ${announced}`;
    throw new WeightsError(address, `was cut off after ${bytes}${of} bytes (${reasonOf(cause)})`);
  }
  return Buffer.concat(parts, bytes);
}

/** `fetch failed` alone says nothing; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
