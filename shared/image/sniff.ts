import { byteReader, type ByteReader, type RawHeader } from './headers/bytes.ts';
import { boxedKind, readAvif } from './headers/isobmff.ts';
import { readJpeg } from './headers/jpeg.ts';
import { isText, otherKind } from './headers/other.ts';
import { readGif, readPng, readWebp } from './headers/raster.ts';

/** Kinds of picture that every supported browser and the trainer can decode. */
export type ImageType = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif';

/** What is known of a picture before any decoder sees it. */
export interface ImageHeader extends RawHeader {
  readonly type: ImageType;
}

/** Why a file was refused before decoding. */
export type ImageFault =
  | 'empty'
  | 'text'
  | 'heic'
  | 'video'
  | 'too-many-pixels'
  | 'too-large-side'
  | 'too-many-bytes'
  | 'corrupt'
  | 'unknown';

/** Largest pictures that are let in: phones make up to 64 million pixels, decoders need 4 bytes for each. */
export const IMAGE_LIMITS = { pixels: 100e6, side: 20_000, bytes: 60e6 } as const;

/** A file cannot be taken as a photo. The message is a sentence for people, without the name of the file. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
  readonly fault: ImageFault;
  constructor(fault: ImageFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * Decides from the first bytes whether a file may be decoded; never trusts its name or declared type.
 * @param bytes the file, or its beginning (256 KiB are enough for cameras' files)
 * @param fileBytes size of the whole file
 * @throws ImageRefused
 */
export function admitImage(bytes: Uint8Array, fileBytes: number = bytes.length): ImageHeader {
  if (fileBytes === 0) throw new ImageRefused('empty', 'The file is empty.');
  if (fileBytes > IMAGE_LIMITS.bytes) {
    const [is, most] = [fileBytes, IMAGE_LIMITS.bytes].map((n) => String(Math.round(n / 1e6)));
    throw new ImageRefused('too-many-bytes', `The file has ${is} MB; at most ${most} MB can be taken.`);
  }
  const read = byteReader(bytes);
  const type = typeOf(read);
  const header = READERS[type](read, bytes);
  if (!header || header.width === 0 || header.height === 0) {
    throw new ImageRefused(
      'corrupt',
      `The picture is damaged: its ${type.toUpperCase()} header cannot be read.`,
    );
  }
  checkSize(header);
  return { type, ...header };
}

/**
 * Checks the size that a HEIC file declares, for browsers that can decode one; `admitImage` refuses them all.
 * @throws ImageRefused
 */
export function admitHeic(bytes: Uint8Array): void {
  const size = readAvif(byteReader(bytes));
  if (!size) throw new ImageRefused('corrupt', 'The picture is damaged: its HEIC header cannot be read.');
  checkSize(size);
}

/** Width and height as people see the picture, with the orientation applied. */
export function uprightSize(header: RawHeader): { readonly width: number; readonly height: number } {
  const { width, height } = header;
  return header.orientation >= 5 ? { width: height, height: width } : { width, height };
}

const READERS: Readonly<Record<ImageType, (read: ByteReader, bytes: Uint8Array) => RawHeader | null>> = {
  jpeg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  avif: readAvif,
};

function typeOf(read: ByteReader): ImageType {
  if (read.u32(0) === 0x89504e47) return 'png';
  if (read.u16(0) === 0xffd8 && read.u8(2) === 0xff) return 'jpeg';
  if (/^GIF8[79]a/.test(read.text(0, 6))) return 'gif';
  if (read.text(0, 4) === 'RIFF' && read.text(8, 4) === 'WEBP') return 'webp';
  if (read.text(4, 4) === 'ftyp') {
    const kind = boxedKind(read);
    if (kind === 'avif') return kind;
    throw new ImageRefused(kind, kind === 'heic' ? HEIC : 'This is a video, not a photo.');
  }
  const other = otherKind(read);
  if (other)
    throw new ImageRefused(other.kind, `This is ${other.what}, not a photo that can be opened here.`);
  if (isText(read)) throw new ImageRefused('text', 'This is text (or a web page or drawing), not a photo.');
  throw new ImageRefused('unknown', 'This is not a picture of a known kind (JPEG, PNG, WebP, GIF or AVIF).');
}

const HEIC =
  'This is a HEIC photo, which cannot be opened here. Save it as JPEG, or set the camera to "Most compatible".';

function checkSize({ width, height }: RawHeader): void {
  const size = `${String(width)} × ${String(height)} pixels`;
  if (width > IMAGE_LIMITS.side || height > IMAGE_LIMITS.side) {
    const most = String(IMAGE_LIMITS.side);
    throw new ImageRefused('too-large-side', `The picture has ${size}; at most ${most} a side can be taken.`);
  }
  if (width * height > IMAGE_LIMITS.pixels) {
    const most = String(IMAGE_LIMITS.pixels / 1e6);
    throw new ImageRefused(
      'too-many-pixels',
      `The picture has ${size}; at most ${most} million can be taken.`,
    );
  }
}
