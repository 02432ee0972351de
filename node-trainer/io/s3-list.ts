import { FileStoreError } from './store-key.ts';

/** One page of a ListObjectsV2 answer. */
export interface S3Page {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly tag: string }[];
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Reads a page of a listing. Its XML is flat and made by machines: elements are picked out by name.
 * @throws FileStoreError where it is no listing
 */
export function readS3Page(xml: string, where: string): S3Page {
  if (!/<ListBucketResult[\s>]/.test(xml))
    throw new FileStoreError('unreachable', `${where} answered with something that is no list of files.`);
  const encoded = element(xml, 'EncodingType') === 'url';
  const files = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, contents = '']) => {
    const key = element(contents, 'Key') ?? '';
    return {
      name: encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
      bytes: Number(element(contents, 'Size') ?? NaN),
      tag: (element(contents, 'ETag') ?? '').replaceAll('"', ''),
    };
  });
  if (files.some(({ bytes }) => !Number.isSafeInteger(bytes) || bytes < 0))
    throw new FileStoreError('unreachable', `${where} answered with a list of files without sizes.`);
  const more = element(xml, 'IsTruncated') === 'true';
  return { files, next: more ? (element(xml, 'NextContinuationToken') ?? null) : null };
}

function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, word) => {
    if (typeof word === 'string') return ENTITIES.get(word) ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
