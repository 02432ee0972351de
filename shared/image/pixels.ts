/** An RGB picture: 3 bytes a pixel, row by row from the top left, no padding. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` bytes. */
  readonly data: Uint8Array;
}

/** Sizes and bytes do not fit together: a programming error at a decoder's door. */
export class PixelsError extends Error {
  override readonly name = 'PixelsError';
}

/** Makes a picture after checking that the bytes fit its size. */
export function makePixels(width: number, height: number, data: Uint8Array): Pixels {
  checkSize(width, height, data.length, 3);
  return { width, height, data };
}

/** A black picture, to be painted. @throws PixelsError for sizes that are not whole numbers above zero */
export function blackPixels(width: number, height: number): Pixels {
  checkSize(width, height, width * height * 3, 3);
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/**
 * A decoder's RGBA as RGB. Transparency is laid over black, the colour of the padding.
 * @param rgba 4 bytes a pixel, alpha not premultiplied
 */
export function fromRgba(width: number, height: number, rgba: Uint8Array | Uint8ClampedArray): Pixels {
  checkSize(width, height, rgba.length, 4);
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    const alpha = rgba[from + 3] as number;
    if (alpha === 255) {
      data[to] = rgba[from] as number;
      data[to + 1] = rgba[from + 1] as number;
      data[to + 2] = rgba[from + 2] as number;
    } else {
      for (let c = 0; c < 3; c++) data[to + c] = ((rgba[from + c] as number) * alpha + 127) / 255;
    }
  }
  return { width, height, data };
}

/**
 * Four bytes a pixel → RGB; the fourth, which says nothing of an opaque picture, is dropped.
 * @param order of the first three
 * @throws PixelsError
 */
export function fromOpaque(width: number, height: number, bytes: Uint8Array, order: 'rgb' | 'bgr'): Pixels {
  checkSize(width, height, bytes.length, 4);
  const [red, blue] = order === 'rgb' ? [0, 2] : [2, 0];
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = bytes[from + red] as number;
    data[to + 1] = bytes[from + 1] as number;
    data[to + 2] = bytes[from + blue] as number;
  }
  return { width, height, data };
}

/** RGB as opaque RGBA, for canvases and encoders. */
export function toRgba(pixels: Pixels): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(pixels.width * pixels.height * 4);
  const { data } = pixels;
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] as number;
    rgba[to + 1] = data[from + 1] as number;
    rgba[to + 2] = data[from + 2] as number;
    rgba[to + 3] = 255;
  }
  return rgba;
}

function checkSize(width: number, height: number, bytes: number, channels: number): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (whole && bytes === width * height * channels) return;
  throw new PixelsError(`${width} × ${height} pixels of ${channels} bytes do not make ${bytes} bytes`);
}
