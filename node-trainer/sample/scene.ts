import type { Random } from '#shared/dataset/random.ts';

import type { Drawing } from './artwork.ts';

/** Longest side of a scene in pixels. */
const LONG_SIDE = 400;

/** A picture to be drawn: SVG text with its size in pixels. */
export interface Scene {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Puts a drawing in front of a made-up enclosure: sky, ground, bushes and a fence, in a pose of its own
 * (size 55 … 85 % of the frame, small turn, flop, place). Seeded: the same random stream gives the same text.
 */
export function composeScene(drawing: Drawing, random: Random): Scene {
  const portrait = random.next() < 0.3;
  const ratio = 1 + random.next() * 0.5;
  const long = LONG_SIDE;
  const short = Math.round(LONG_SIDE / ratio);
  const [width, height] = portrait ? [short, long] : [long, short];
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    background(width, height, random) +
    subject(drawing, width, height, random) +
    weather(width, height, random) +
    '</svg>';
  return { svg, width, height };
}

function background(width: number, height: number, random: Random): string {
  const horizon = Math.round(height * between(random, 0.35, 0.7));
  const sky = hsl(between(random, 180, 230), between(random, 20, 70), between(random, 60, 90));
  const ground = hsl(between(random, 25, 130), between(random, 15, 55), between(random, 35, 70));
  const bushes = Array.from({ length: random.int(5) }, () => bush(width, horizon, random)).join('');
  return (
    `<rect width="${width}" height="${height}" fill="${sky}"/>` +
    `<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="${ground}"/>` +
    bushes +
    (random.next() < 0.3 ? fence(width, horizon, random) : '')
  );
}

function bush(width: number, horizon: number, random: Random): string {
  const green = hsl(between(random, 80, 150), between(random, 25, 60), between(random, 20, 45));
  const r = between(random, 15, 55);
  return `<circle cx="${fixed(random.next() * width)}" cy="${horizon}" r="${fixed(r)}" fill="${green}"/>`;
}

function fence(width: number, horizon: number, random: Random): string {
  const step = between(random, 25, 50);
  const posts = Array.from(
    { length: Math.ceil(width / step) },
    (_, i) => `<rect x="${fixed(i * step)}" y="${horizon - 30}" width="4" height="60"/>`,
  );
  return `<g fill="#6b5a45">${posts.join('')}<rect y="${horizon - 20}" width="${width}" height="4"/></g>`;
}

function subject(drawing: Drawing, width: number, height: number, random: Random): string {
  const size = Math.min(width, height) * between(random, 0.6, 0.95);
  const x = (width - size) / 2 + between(random, -0.5, 0.5) * (width - size) * 0.6;
  const y = (height - size) / 2 + between(random, -0.5, 0.5) * (height - size) * 0.6;
  const scale = size / drawing.edge;
  const flop = random.next() < 0.5 ? `translate(${drawing.edge} 0) scale(-1 1)` : '';
  const turn = `rotate(${fixed(between(random, -12, 12))} ${drawing.edge / 2} ${drawing.edge / 2})`;
  return (
    `<ellipse cx="${fixed(x + size / 2)}" cy="${fixed(y + size * 0.95)}" rx="${fixed(size * 0.4)}" ` +
    `ry="${fixed(size * 0.06)}" fill="#000" opacity="0.25"/>` +
    `<g transform="translate(${fixed(x)} ${fixed(y)}) scale(${fixed(scale)}) ${turn} ${flop}">${drawing.body}</g>`
  );
}

/** Evening light, haze or shade over the whole picture. */
function weather(width: number, height: number, random: Random): string {
  const tint = hsl(random.next() * 360, 40, between(random, 10, 80));
  return `<rect width="${width}" height="${height}" fill="${tint}" opacity="${fixed(random.next() * 0.18)}"/>`;
}

function between(random: Random, low: number, high: number): number {
  return low + random.next() * (high - low);
}

function hsl(hue: number, saturation: number, lightness: number): string {
  return `hsl(${Math.round(hue)} ${Math.round(saturation)}% ${Math.round(lightness)}%)`;
}

function fixed(n: number): string {
  return n.toFixed(2);
}
