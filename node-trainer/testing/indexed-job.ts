import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

import type { Job } from './manifests.ts';

const MENAGERIE = resolve(import.meta.dirname, '..', 'bin', 'menagerie.mjs');

/** How a pod of an index ended. */
interface PodEnd {
  readonly index: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** A pod at work. */
export interface Pod {
  readonly index: number;
  readonly attempt: number;
  readonly child: ChildProcess;
}

export interface JobEnd {
  /** Every pod that ended, in the order of the ends. */
  readonly pods: readonly PodEnd[];
  readonly failedIndexes: readonly number[];
}

/**
 * Runs an Indexed Job as Kubernetes does, with processes for pods: each index once, so many at a time, a failed one again
 * up to `backoffLimitPerIndex` times, and not again after an exit code of a `FailIndex` rule.
 * @param root what the volumes of the pods are mounted below
 * @param onStart may do to a pod what clusters do
 */
export async function runIndexedJob(
  { spec }: Job,
  root: string,
  onStart: (pod: Pod) => void = () => undefined,
): Promise<JobEnd> {
  const [container] = spec.template.spec.containers;
  const mounts = container.volumeMounts.map((m) => m.mountPath);
  const args = container.args.map((arg) =>
    mounts.some((mount) => arg.startsWith(`${mount}/`) || arg === mount) ? join(root, arg) : arg,
  );
  const hopeless = spec.podFailurePolicy.rules
    .filter((rule) => rule.action === 'FailIndex')
    .flatMap((rule) => rule.onExitCodes?.values ?? []);
  const pods: PodEnd[] = [];
  const failedIndexes: number[] = [];
  const waiting = Array.from({ length: spec.completions }, (_, index) => index);

  const doIndex = async (index: number): Promise<void> => {
    for (let attempt = 0; attempt <= (spec.backoffLimitPerIndex ?? 0); attempt++) {
      const end = await runPod(args, { index, attempt }, onStart);
      pods.push(end);
      if (end.code === 0) return;
      if (end.code !== null && hopeless.includes(end.code)) break;
    }
    failedIndexes.push(index);
  };
  const worker = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) await doIndex(index);
  };
  await Promise.all(Array.from({ length: spec.parallelism }, worker));
  return { pods, failedIndexes };
}

async function runPod(
  args: readonly string[],
  { index, attempt }: Pick<Pod, 'index' | 'attempt'>,
  onStart: (pod: Pod) => void,
): Promise<PodEnd> {
  const env = { ...process.env, ENGINE: 'cpu', JOB_COMPLETION_INDEX: String(index) };
  const child = spawn(process.execPath, [MENAGERIE, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  onStart({ index, attempt, child });
  return new Promise((done) =>
    child.on('close', (code, signal) => {
      done({ index, code, signal, stderr });
    }),
  );
}
