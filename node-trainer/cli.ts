import { Command, CommanderError } from 'commander';

import { EXIT, verdictOn } from './commands/exit-codes.ts';
import { surviveClosedPipes } from './commands/output.ts';
import { listenForStop } from './commands/signals.ts';

interface Loader {
  readonly names: readonly string[];
  readonly add: (program: Command) => Promise<void>;
}

const STAGE_NAMES = ['extract', 'build', 'train', 'evaluate', 'score', 'export'];

/** In the order of the help. A command is loaded when it is called: `rollback` must not wait for TensorFlow. */
const COMMANDS: readonly Loader[] = [
  {
    names: ['doctor'],
    add: async (p) => {
      (await import('./commands/doctor.ts')).addDoctor(p);
    },
  },
  {
    names: ['import'],
    add: async (p) => {
      (await import('./commands/import.ts')).addImport(p);
    },
  },
  {
    names: ['preview'],
    add: async (p) => {
      (await import('./commands/preview.ts')).addPreview(p);
    },
  },
  {
    names: ['run'],
    add: async (p) => {
      (await import('./commands/run.ts')).addRun(p);
    },
  },
  {
    names: STAGE_NAMES,
    add: async (p) => {
      (await import('./commands/stages.ts')).addStages(p);
    },
  },
  {
    names: ['identify'],
    add: async (p) => {
      (await import('./commands/identify.ts')).addIdentify(p);
    },
  },
  {
    names: ['merge'],
    add: async (p) => {
      (await import('./commands/merge.ts')).addMerge(p);
    },
  },
  {
    names: ['publish'],
    add: async (p) => {
      (await import('./commands/publish.ts')).addPublish(p);
    },
  },
  {
    names: ['rollback'],
    add: async (p) => {
      (await import('./commands/rollback.ts')).addRollback(p);
    },
  },
  {
    names: ['versions'],
    add: async (p) => {
      (await import('./commands/versions.ts')).addVersions(p);
    },
  },
  {
    names: ['serve'],
    add: async (p) => {
      (await import('./commands/serve.ts')).addServe(p);
    },
  },
];

const CODES = `
Exit codes: 0 done · 1 unexpected · 2 wrong usage · 3 bad input · 4 refused by a rule or the gate ·
            5 not usable on this machine · 130 stopped by a person`;

/** Runs the command line and ends the process. */
export async function main(argv: readonly string[]): Promise<never> {
  surviveClosedPipes();
  listenForStop(() => {
    process.stderr.write('\nStopped. What was finished is kept; the same command goes on from there.\n');
    process.exit(EXIT.cancelled);
  });
  // What a background event throws (a lost graphics device) is told like everything else.
  process.on('uncaughtException', (error) => void end(error));
  process.on('unhandledRejection', (error) => void end(error));
  try {
    await (await createProgram(argv)).parseAsync(argv);
    return await leave(EXIT.ok);
  } catch (error) {
    return end(error);
  }
}

async function createProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('menagerie')
    .description('Trains, judges and publishes models on an exported library, and serves the app.')
    .option('--debug', 'say where an error happened')
    .addHelpText('after', CODES)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Try the same command with --help.')
    .exitOverride();
  const called = COMMANDS.find(({ names }) => names.includes(argv[2] ?? ''));
  for (const { add } of called ? [called] : COMMANDS) await add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

async function end(error: unknown): Promise<never> {
  // Commander has already said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return leave(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  const { exit, next } = verdictOn(error);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n${message}\n${next ? `${next}\n` : ''}`);
  if (process.argv.includes('--debug') && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  return leave(exit);
}

/** A graphics device keeps Node alive, so the end is explicit; but never before the last word is written. */
async function leave(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((done) => stream.write('', done));
  }
  process.exit(code);
}
