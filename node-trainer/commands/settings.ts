import type { Command } from 'commander';

import type { Listener } from '../run/log.ts';
import type { RunRequest } from '../run/open-run.ts';
import type { Option } from '../run/option-kinds.ts';
import { OPTIONS, type OptionName } from '../run/options.ts';

/** Flags of every command that works in a run folder, beside the settings. */
export interface RunFlags {
  readonly run: string;
  readonly library?: string;
  readonly models?: string;
  readonly targets?: string;
  readonly config?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly [setting: string]: unknown;
}

/** Adds all settings of a run as flags, each with its variable and default in the help. */
export function withSettings(command: Command): Command {
  return withFlags(command, Object.values(OPTIONS))
    .option('--config <file>', 'JSON file with settings by name; flags and variables win over it')
    .option('--json', 'print one JSON object');
}

/** Adds some of the settings as flags. */
export function withFlags(command: Command, options: readonly Option<unknown>[]): Command {
  for (const { flag, env, meaning, fallback } of options) {
    const shown = fallback === '' ? 'none' : String(fallback);
    const option = command.createOption(flag, `${meaning} (variable ${env}; default ${shown})`);
    // Commander takes every `--no-…` for a switch, but `--no-flop <classes>` has a value.
    if (option.required) option.negate = false;
    command.addOption(option);
  }
  return command;
}

/** Adds the release gate's targets file as a flag. */
export function withTargets(command: Command): Command {
  return command.option(
    '--targets <file>',
    'JSON file with the targets of the release gate; default: targets.json in the model store, else the built-in ones',
  );
}

/** What commander read, as a request to open a run. */
export function requestOf(flags: RunFlags, listener: Listener): RunRequest {
  const names = Object.keys(OPTIONS) as OptionName[];
  return {
    run: flags.run,
    library: flags.library,
    models: flags.models,
    targets: flags.targets,
    flags: Object.fromEntries(names.map((name) => [name, flags[name]])),
    environment: process.env,
    config: flags.config,
    resume: flags.resume ?? false,
    listener,
  };
}
