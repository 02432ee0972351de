/** Pictures made on the spot, for tests. */

/** A landscape picture whose four quarters are red, green (top), blue, white (bottom). */
export async function quarters(
  width = 80,
  height = 40,
  type = 'image/jpeg',
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  const [w, h] = [width / 2, height / 2];
  for (const [color, x, y] of [
    ['#f00', 0, 0],
    ['#0f0', w, 0],
    ['#00f', 0, h],
    ['#fff', w, h],
  ] as const) {
    context.fillStyle = color;
    context.fillRect(x, y, w, h);
  }
  const blob = await canvas.convertToBlob({ type, quality: 1 });
  return new Uint8Array(await blob.arrayBuffer());
}

/** Noise that no other seed gives. */
export async function noise(seed: number, type = 'image/png', edge = 48): Promise<Uint8Array<ArrayBuffer>> {
  const data = new ImageData(edge, edge);
  let state = seed * 2654435761 + 1;
  for (let i = 0; i < data.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data.data[i] = i % 4 === 3 ? 255 : state >>> 24;
  }
  const canvas = new OffscreenCanvas(edge, edge);
  contextOf(canvas).putImageData(data, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.9 })).arrayBuffer());
}

/** A colourful JPEG without hard edges; in `display-p3` it carries a colour profile. */
export async function gradient(
  width: number,
  height: number,
  colorSpace: PredefinedColorSpace,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas, colorSpace);
  const fill = context.createLinearGradient(0, 0, width, height);
  ['#f30', '#0c6', '#24f', '#fd0'].forEach((color, i) => {
    fill.addColorStop(i / 3, colorSpace === 'srgb' ? color : `color(display-p3 ${p3(color)})`);
  });
  context.fillStyle = fill;
  context.fillRect(0, 0, width, height);
  return new Uint8Array(
    await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer(),
  );
}

function p3(color: string): string {
  const digit = (at: number): string => (parseInt(color.charAt(at), 16) / 15).toFixed(2);
  return `${digit(1)} ${digit(2)} ${digit(3)}`;
}

function contextOf(
  canvas: OffscreenCanvas,
  colorSpace: PredefinedColorSpace = 'srgb',
): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { colorSpace });
  if (!context) throw new Error('no 2D canvas');
  return context;
}

/** Puts an EXIF orientation (1 … 8) into a JPEG. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  // prettier-ignore
  const exif = [
    0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0,
    0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
  ];
  return new Uint8Array([...jpeg.subarray(0, 2), ...exif, ...jpeg.subarray(2)]);
}

/** The head of a PNG that claims this size, and nothing else. */
export function pngHead(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

/** A file as a folder picker gives it. */
export function fileAt(path: string, bytes: Uint8Array<ArrayBuffer> | string): File {
  const file = new File([bytes], path.split('/').at(-1) ?? path);
  if (path.includes('/')) Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}
