import type { Area, Cover } from './grid.ts';

/**
 * Inputs of a network with parts covered in the mean colour of the picture: the colour that says least, where black
 * would be the padding's own sign for "here is nothing", and a blur would leave a tiger's stripes their orange.
 * @param input [size, size, 3] of the picture as it is
 * @param picture where it is not black padding
 * @returns [covers, size, size, 3]
 */
export function coverInput(
  input: Float32Array,
  size: number,
  picture: Area,
  covers: readonly Cover[],
): Float32Array<ArrayBuffer> {
  const fill = meanColour(input, size, picture);
  const out = new Float32Array(covers.length * input.length);
  covers.forEach((cover, i) => {
    const image = out.subarray(i * input.length, (i + 1) * input.length);
    image.set(input);
    for (const area of cover) paint(image, size, area, fill);
  });
  return out;
}

type Colour = readonly [number, number, number];

function meanColour(input: Float32Array, size: number, picture: Area): Colour {
  const sum: [number, number, number] = [0, 0, 0];
  const { left, right, top, bottom } = edges(picture, size);
  for (let y = top; y < bottom; y++) {
    for (let at = (y * size + left) * 3; at < (y * size + right) * 3; at += 3) {
      sum[0] += input[at] as number;
      sum[1] += input[at + 1] as number;
      sum[2] += input[at + 2] as number;
    }
  }
  const count = Math.max(1, (right - left) * (bottom - top));
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

function paint(image: Float32Array, size: number, area: Area, [r, g, b]: Colour): void {
  const { left, right, top, bottom } = edges(area, size);
  for (let y = top; y < bottom; y++) {
    for (let at = (y * size + left) * 3; at < (y * size + right) * 3; at += 3) {
      image[at] = r;
      image[at + 1] = g;
      image[at + 2] = b;
    }
  }
}

function edges({ left, top, width, height }: Area, size: number) {
  const pixel = (share: number): number => Math.min(size, Math.max(0, Math.round(share * size)));
  return { left: pixel(left), right: pixel(left + width), top: pixel(top), bottom: pixel(top + height) };
}
