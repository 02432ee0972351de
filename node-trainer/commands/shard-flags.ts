import type { Command } from 'commander';

/** Adds the flags of work that is cut into shards (`run/shard.ts` reads them). */
export function withShardFlags(command: Command): Command {
  return command
    .option('--shard <i/n>', 'do only part i of n, counted from 1; "menagerie merge" puts all together')
    .option('--shards <n>', 'how many parts there are; which one says JOB_COMPLETION_INDEX, counted from 0');
}
