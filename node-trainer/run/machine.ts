import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { resolve } from 'node:path';

/** A graphics card as its driver describes it; sizes in bytes. */
export interface Card {
  readonly name: string;
  readonly memory: number;
  readonly free: number;
  readonly driver: string;
}

/** A program that `npm run native` needs. */
interface Tool {
  readonly name: string;
  /** What it says of itself; null where it is missing. */
  readonly found: string | null;
  /** Package of Debian and Ubuntu that brings it. */
  readonly from: string;
}

/** This machine as the trainer sees it; sizes in bytes. */
export interface Machine {
  readonly node: string;
  readonly system: string;
  /** Cores that this process may use. */
  readonly cores: number;
  readonly memory: number;
  readonly memoryFree: number;
  /** What a container may use; null where nothing is set. */
  readonly memoryLimit: number | null;
  readonly cards: readonly Card[];
  readonly tools: readonly Tool[];
  /** Whether the web app is built. */
  readonly app: boolean;
}

/** Looks at the machine; starts short programs, changes nothing. */
export function inspectMachine(): Machine {
  const limit = process.constrainedMemory();
  return {
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memory: totalmem(),
    memoryFree: freemem(),
    memoryLimit: limit > 0 && limit < totalmem() ? limit : null,
    cards: parseCards(said('nvidia-smi', CARD_QUERY) ?? ''),
    tools: [
      { name: 'python3', found: said('python3', ['--version']), from: 'python3' },
      { name: 'pip', found: said('python3', ['-m', 'pip', '--version']), from: 'python3-pip' },
      { name: 'g++', found: said('g++', ['--version']), from: 'build-essential' },
      { name: 'make', found: said('make', ['--version']), from: 'build-essential' },
    ],
    app: existsSync(resolve(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html')),
  };
}

const CARD_QUERY = [
  '--query-gpu=name,memory.total,memory.free,driver_version',
  '--format=csv,noheader,nounits',
];

/** One line a card: `NVIDIA H100 80GB HBM3, 81559, 81069, 550.54.15`; memory in MiB. */
export function parseCards(csv: string): Card[] {
  return csv.split('\n').flatMap((line) => {
    const [name, total, free, driver] = line.split(',').map((cell) => cell.trim());
    if (!name || !driver || !Number(total)) return [];
    return [{ name, memory: Number(total) * 2 ** 20, free: (Number(free) || 0) * 2 ** 20, driver }];
  });
}

/** All that a program says, null where it is missing or fails. */
function said(program: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? stdout.trim() : null;
}
