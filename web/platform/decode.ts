/** The browser's decoder and encoder: bytes in, our own pixels out, and back. All other maths is in `shared/image`. */
import { turn } from '#shared/image/edits.ts';
import {
  admitHeic,
  admitImage,
  IMAGE_LIMITS,
  ImageRefused,
  uprightSize,
  type ImageHeader,
} from '#shared/image/sniff.ts';
import { flop } from '#shared/image/symmetries.ts';
import { fromOpaque, fromRgba, toRgba, type Pixels } from '#shared/image/pixels.ts';
import { release } from './release.ts';

/** A decoded picture. */
export interface Decoded {
  /** Upright (EXIF orientation applied), in sRGB; large JPEGs may come reduced, never below the wanted edge. */
  readonly pixels: Pixels;
  /** Size of the original in pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** When it was taken by the camera's own clock; null where the file does not say. */
  readonly taken: string | null;
}

/**
 * Decodes a file after its header was found harmless.
 * @param edge longest edge in pixels that the caller will shrink the picture to
 * @throws ImageRefused
 */
export async function decodeImage(bytes: Uint8Array<ArrayBuffer>, edge: number): Promise<Decoded> {
  const header = admit(bytes);
  if (header instanceof ImageRefused) return decodeHeic(bytes, header);
  const taken = header.taken ?? null;
  const eighths = reduction(header, edge);
  if (eighths < 8) {
    const pixels = await decodeReduced(bytes, header, eighths);
    if (pixels) return { pixels: stoodUp(pixels, header.orientation), ...uprightSize(header), taken };
  }
  const pixels = await (isLarge(header) ? inTurn(() => decodeWhole(bytes, {})) : decodeWhole(bytes, {}));
  return { pixels, width: pixels.width, height: pixels.height, taken };
}

/** From so many pixels on, decoded pictures are held one at a time. */
const LARGE = 4_000_000;
let lastLarge: Promise<unknown> = Promise.resolve();

function isLarge({ width, height }: ImageHeader): boolean {
  return width * height >= LARGE;
}

/** One after the other in this worker: two of a hundred megapixels would take more memory than a phone has. */
function inTurn<T>(decode: () => Promise<T>): Promise<T> {
  const mine = lastLarge.then(decode);
  lastLarge = mine.catch(() => undefined);
  return mine;
}

/** A HEIC file is not refused yet: Safari can decode it. */
function admit(bytes: Uint8Array): ImageHeader | ImageRefused {
  try {
    return admitImage(bytes);
  } catch (cause) {
    if (cause instanceof ImageRefused && cause.fault === 'heic') return cause;
    throw cause;
  }
}

/** @param refusal what to say where this browser can't */
async function decodeHeic(bytes: Uint8Array<ArrayBuffer>, refusal: ImageRefused): Promise<Decoded> {
  admitHeic(bytes);
  try {
    const pixels = await decodeWhole(bytes, {});
    return { pixels, width: pixels.width, height: pixels.height, taken: null };
  } catch (cause) {
    throw cause instanceof ImageRefused && cause.fault !== 'corrupt' ? cause : refusal;
  }
}

/**
 * Decodes a canonical PNG to the very bytes that went into it: no colour management, no premultiplied alpha.
 * @throws ImageRefused
 */
export async function decodeExact(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  admitImage(bytes);
  return decodeWhole(bytes, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
}

/** Lossless PNG of opaque pixels. */
export function encodePng(pixels: Pixels): Promise<ArrayBuffer> {
  return encode(pixels, { type: 'image/png' });
}

/** JPEG for thumbnails. */
export function encodeJpeg(pixels: Pixels): Promise<ArrayBuffer> {
  return encode(pixels, { type: 'image/jpeg', quality: 0.85 });
}

/**
 * How many eighths of its size a picture may be decoded at: JPEG's own transform does it while decoding, about three
 * times faster than decoding whole. 8 where the decoder cannot.
 */
function reduction(header: ImageHeader, edge: number): number {
  if (header.type !== 'jpeg' || typeof ImageDecoder === 'undefined') return 8;
  return Math.min(8, Math.ceil((8 * edge) / Math.max(header.width, header.height)));
}

/** `Exif` and two zeros, behind the marker and the length of a segment. */
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
/** Segments in front of the picture lie within so many bytes. */
const HEADER_BYTES = 1 << 18;

/** How a picture of each EXIF orientation is stood up: first mirrored, then turned clockwise. */
const STAND_UP: readonly { readonly mirrored: boolean; readonly degrees: 0 | 90 | 180 | 270 }[] = [
  { mirrored: false, degrees: 0 },
  { mirrored: true, degrees: 0 },
  { mirrored: false, degrees: 180 },
  { mirrored: true, degrees: 180 },
  { mirrored: true, degrees: 270 },
  { mirrored: false, degrees: 90 },
  { mirrored: true, degrees: 90 },
  { mirrored: false, degrees: 270 },
];

function stoodUp(pixels: Pixels, orientation: number): Pixels {
  const way = STAND_UP[orientation - 1] ?? { mirrored: false, degrees: 0 };
  return turn(way.mirrored ? flop(pixels) : pixels, way.degrees);
}

/** The orientation is ours to apply: today's decoders leave it here, tomorrow's may not. So they are not told. */
function withoutExif(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const last = Math.min(copy.length - 10, HEADER_BYTES);
  for (let at = 2; at < last; at++) {
    const exif = copy[at] === 0xff && copy[at + 1] === 0xe1 && EXIF.every((c, i) => copy[at + 4 + i] === c);
    if (exif) copy[at + 4] = 0;
  }
  return copy;
}

/** Null where this decoder does not take the file; the caller decodes it whole then. */
async function decodeReduced(
  bytes: Uint8Array<ArrayBuffer>,
  header: ImageHeader,
  eighths: number,
): Promise<Pixels | null> {
  const scaled = (length: number): number => Math.ceil((length * eighths) / 8);
  const decoder = new ImageDecoder({
    data: header.orientation === 1 ? bytes : withoutExif(bytes),
    type: 'image/jpeg',
    desiredWidth: scaled(header.width),
    desiredHeight: scaled(header.height),
  });
  try {
    const { image } = await decoder.decode();
    try {
      return (await copied(image)) ?? pixelsOf(image, image.displayWidth, image.displayHeight);
    } finally {
      image.close();
    }
  } catch {
    return null;
  } finally {
    decoder.close();
  }
}

/**
 * The pixels without a canvas between, in half the time; null where the decoder gives another format than four bytes a
 * pixel in sRGB: these are the bytes that a canvas would give.
 */
async function copied(image: VideoFrame): Promise<Pixels | null> {
  const { width, height } = image.visibleRect ?? { width: 0, height: 0 };
  const { matrix, primaries, transfer } = image.colorSpace;
  const plain = matrix === 'rgb' && primaries === 'bt709' && transfer === 'iec61966-2-1';
  if (!plain || width !== image.displayWidth || height !== image.displayHeight) return null;
  const order = image.format === 'BGRX' || image.format === 'BGRA' ? 'bgr' : 'rgb';
  if (order === 'rgb' && image.format !== 'RGBX' && image.format !== 'RGBA') return null;
  if (image.allocationSize() !== width * height * 4) return null;
  const bytes = new Uint8Array(width * height * 4);
  try {
    await image.copyTo(bytes);
    return fromOpaque(width, height, bytes, order);
  } finally {
    release(bytes.buffer);
  }
}

async function decodeWhole(bytes: Uint8Array<ArrayBuffer>, options: ImageBitmapOptions): Promise<Pixels> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes]), options);
  } catch {
    throw new ImageRefused('corrupt', 'The picture is damaged: the browser cannot decode it.');
  }
  try {
    if (bitmap.width * bitmap.height > IMAGE_LIMITS.pixels) {
      throw new ImageRefused('too-many-pixels', 'The picture has more pixels than its header says.');
    }
    return pixelsOf(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

function pixelsOf(image: CanvasImageSource, width: number, height: number): Pixels {
  const context = canvasToRead(width, height);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = fromRgba(width, height, data);
  release(data.buffer);
  return pixels;
}

/** Canvases of up to so many pixels are kept for the next picture of their size. */
const KEPT_PIXELS = 1 << 20;

/**
 * Pictures of one camera are of one size, and making a canvas takes as long as drawing on it. Whoever gets it draws and
 * reads, or asks for a blob, at once: a blob is that of the moment in which it was asked for.
 */
function createCanvases(): (width: number, height: number) => OffscreenCanvasRenderingContext2D {
  let kept: OffscreenCanvasRenderingContext2D | null = null;
  return (width, height) => {
    if (kept?.canvas.width === width && kept.canvas.height === height) {
      // What is not opaque would show the picture before.
      kept.clearRect(0, 0, width, height);
      return kept;
    }
    const context = canvas(width, height);
    kept = width * height <= KEPT_PIXELS ? context : null;
    return context;
  };
}

const canvasToRead = createCanvases();
const canvasToWrite = createCanvases();

async function encode(pixels: Pixels, options: ImageEncodeOptions): Promise<ArrayBuffer> {
  const context = canvasToWrite(pixels.width, pixels.height);
  context.putImageData(new ImageData(toRgba(pixels), pixels.width, pixels.height), 0, 0);
  const blob = await context.canvas.convertToBlob(options);
  return blob.arrayBuffer();
}

/** In main memory: a canvas on the GPU may round differently. */
function canvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas for workers; a newer version of it has.');
  return context;
}
