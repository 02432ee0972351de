import { type HeatMap, MATTERS } from './heat.ts';

/** A ninth of the picture. */
interface Place {
  readonly row: 'top' | 'middle' | 'bottom';
  readonly column: 'left' | 'middle' | 'right';
}

/** What a map comes to, to be put into words. */
export type Finding =
  /** No part of the picture mattered much for this class. */
  | { readonly kind: 'nothing' }
  /** Where most of the heat lies. */
  | { readonly kind: 'looked'; readonly at: Place; readonly how: 'spot' | 'part' }
  /** No place stands out. */
  | { readonly kind: 'spread' }
  /** Most of it along the edge of the picture, where animals seldom are. */
  | { readonly kind: 'edge' }
  /** The black bars beside the picture matter: how it was cut, not what it shows. */
  | { readonly kind: 'bars' }
  /** A part spoke clearly against the class: covering it more than doubles the odds. */
  | { readonly kind: 'against'; readonly at: Place };

/** Half of the heat on so much of the picture, at most, is a spot; on so much, at least, it is spread. */
const SPOT = 0.16;
const SPREAD = 0.34;
/** Width of the edge as a share of the picture, and the share of the heat there that is worth a word: it covers 44 %. */
const EDGE = 1 / 8;
const AT_EDGE = 0.65;

const ROWS = ['top', 'middle', 'bottom'] as const;
const COLUMNS = ['left', 'middle', 'right'] as const;

/**
 * @param bars by how much the log-odds fall when the black bars are covered; 0 without bars
 * @returns at least one, the most telling ones first
 */
export function findingsOf(map: HeatMap, bars: number): readonly Finding[] {
  const warm = map.heat.map((value) => Math.max(0, value));
  const [most, least] = [max(warm), -max(map.heat.map((value) => -value))];
  const findings: Finding[] = [];
  if (bars >= MATTERS && bars >= most / 2) findings.push({ kind: 'bars' });
  if (most >= MATTERS) {
    findings.push(whereOf(map, warm));
    if (shareAtEdge(map, warm) >= AT_EDGE) findings.push({ kind: 'edge' });
  } else if (findings.length === 0) {
    findings.push({ kind: 'nothing' });
  }
  if (-least >= 2 * MATTERS && -least >= most / 2) {
    findings.push({
      kind: 'against',
      at: hottest(
        map,
        map.heat.map((value) => Math.max(0, -value)),
      ),
    });
  }
  return findings;
}

function whereOf(map: HeatMap, warm: Float32Array): Finding {
  const area = halfArea(warm);
  if (area >= SPREAD) return { kind: 'spread' };
  return { kind: 'looked', at: hottest(map, warm), how: area <= SPOT ? 'spot' : 'part' };
}

/** Share of the cells that holds half of the heat. */
function halfArea(warm: Float32Array): number {
  const falling = warm.slice().sort().reverse();
  const half = sum(falling) / 2;
  let [held, cells] = [0, 0];
  while (held < half && cells < falling.length) held += falling[cells++] as number;
  return cells / falling.length;
}

/** The ninth in which the centre of the hottest cells lies: those above three quarters of the most. */
function hottest({ columns, rows }: HeatMap, warm: Float32Array): Place {
  const bound = 0.75 * max(warm);
  let [x, y, weights] = [0, 0, 0];
  warm.forEach((value, cell) => {
    if (value < bound) return;
    x += value * ((cell % columns) + 0.5);
    y += value * (Math.floor(cell / columns) + 0.5);
    weights += value;
  });
  return {
    row: ROWS[third(y / weights / rows)] ?? 'middle',
    column: COLUMNS[third(x / weights / columns)] ?? 'middle',
  };
}

const third = (share: number): number => Math.min(2, Math.floor(3 * share));

function shareAtEdge({ columns, rows }: HeatMap, warm: Float32Array): number {
  const near = (at: number, count: number): boolean => {
    const middle = (at + 0.5) / count;
    return middle < EDGE || middle > 1 - EDGE;
  };
  const edge = warm.filter((_, i) => near(i % columns, columns) || near(Math.floor(i / columns), rows));
  return sum(edge) / sum(warm);
}

function max(values: Float32Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

function sum(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0);
}
