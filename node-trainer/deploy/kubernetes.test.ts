import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { Command } from 'commander';
import { Job } from 'kubernetes-models/batch/v1';
import { PersistentVolumeClaim } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';

import { EXIT } from '../commands/exit-codes.ts';
import { addIdentify } from '../commands/identify.ts';
import { addMerge } from '../commands/merge.ts';
import { addRun } from '../commands/run.ts';
import { resolveOptions, OPTIONS } from '../run/options.ts';
import { type Document, readJob, readManifests } from '../testing/manifests.ts';

const JOBS = ['run.yaml', 'identify.yaml', 'merge.yaml'] as const;
const PACKAGE = resolve(import.meta.dirname, '..', '..', 'package.json');

const MODELS = new Map<string, new (content: never) => { validate: () => void }>([
  ['batch/v1 Job', Job],
  ['v1 PersistentVolumeClaim', PersistentVolumeClaim],
]);

describe("every manifest passes Kubernetes' own schema (P5-44)", () => {
  const documents = readManifests();

  test('there are the volumes and three jobs', () => {
    expect(documents.map((d) => d.kind).sort()).toEqual([
      ...['Job', 'Job', 'Job'],
      ...Array.from({ length: 4 }, () => 'PersistentVolumeClaim'),
    ]);
  });

  test.each(documents.map((d) => [`${d.file} ${nameOf(d)}`, d] as const))('%s', (_, document) => {
    const Model = MODELS.get(`${document.apiVersion} ${document.kind}`);
    expect(Model).toBeDefined();
    new Model!(document.content as never).validate();
  });

  test('and would not with a value of the wrong kind', () => {
    const { content } = documents.find((d) => d.file === 'identify.yaml')!;
    const spec = { ...(content.spec as object), backoffLimitPerIndex: 'three' };
    expect(() => {
      new Job({ ...content, spec } as never).validate();
    }).toThrow(/backoffLimitPerIndex must be integer/);
  });

  test('no field is misspelt: the schema would let it pass', () => {
    const known = fieldsOfKubernetes();
    expect(known.has('backoffLimitPerIndex')).toBe(true);
    const strangers = documents.flatMap((d) => fieldsIn(d.content).filter((name) => !known.has(name)));
    expect(strangers).toEqual([]);
  });
});

describe.each(JOBS)('%s fits this Menagerie', (file) => {
  const job = readJob(file);
  const pod = job.spec.template.spec;
  const [container] = pod.containers;

  test('its arguments are a command line that is understood', async () => {
    const program = new Command().exitOverride();
    for (const add of [addRun, addIdentify, addMerge]) add(program);
    let called = '';
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
      command.action(() => {
        called = command.name();
      });
    }
    await program.parseAsync(container.args, { from: 'user' });
    expect(called).toBe(container.args[0]);
  });

  test('its variables are settings, with values that are taken (P5-45, P5-46)', () => {
    const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    const settings = new Set<string>(Object.values(OPTIONS).map((option) => option.env));
    expect(Object.keys(environment).filter((name) => !settings.has(name))).toEqual([]);
    resolveOptions({ flags: {}, environment, file: null });
    if (file === 'run.yaml') expect(environment).toEqual({ BATCH_SIZE: '50', NUM_EPOCHS: '30' });
  });

  test('every path of its arguments lies on a volume that it mounts, and every claim exists', () => {
    const claims = new Set(
      readManifests()
        .filter((d) => d.kind === 'PersistentVolumeClaim')
        .map(nameOf),
    );
    const volumes = new Map(pod.volumes.map((volume) => [volume.name, volume]));
    for (const { claimName } of pod.volumes.flatMap((v) => v.persistentVolumeClaim ?? []))
      expect(claims).toContain(claimName);
    for (const { volumeMounts } of [...pod.initContainers, container])
      for (const { name } of volumeMounts) expect(volumes.has(name)).toBe(true);
    const mounts = container.volumeMounts.map((m) => m.mountPath);
    for (const path of container.args.filter((arg) => arg.startsWith('/')))
      expect(mounts.some((mount) => path === mount || path.startsWith(`${mount}/`))).toBe(true);
  });

  test('the image is pinned to the version of this project (P5-09)', () => {
    const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
    for (const { image } of [...pod.initContainers, container])
      expect(image).toMatch(new RegExp(`(^|/)menagerie:${version.replaceAll('.', '\\.')}(-cpu)?$`));
  });

  test('what would fail again is not tried again: exit codes by their meaning', () => {
    const [rule] = job.spec.podFailurePolicy.rules.filter((r) => r.onExitCodes);
    const hopeless =
      file === 'run.yaml' ? [EXIT.usage, EXIT.badInput, EXIT.refused] : [EXIT.usage, EXIT.badInput];
    expect(rule?.onExitCodes?.values).toEqual(hopeless);
    expect(rule?.onExitCodes?.containerName).toBe(container.name);
    // Kubernetes takes a failure policy with this restart policy only.
    expect(pod.restartPolicy).toBe('Never');
  });
});

describe('run.yaml', () => {
  const { template } = readJob('run.yaml').spec;

  test('P5-07, P5-53: photos are unpacked to the local disk of the node, 25 Gi of it', () => {
    const { args, volumeMounts } = template.spec.containers[0];
    const run = args[args.indexOf('--run') + 1] ?? '';
    const { name } = volumeMounts.find((m) => m.mountPath === `${run}/photos`)!;
    expect(template.spec.volumes.find((v) => v.name === name)?.emptyDir).toEqual({ sizeLimit: '25Gi' });
    expect(template.spec.initContainers[0]?.command).toEqual(['mkdir', '-p', `${run}/photos`]);
  });

  test('P5-10, P5-18: log, checkpoints and versions outlive the container', () => {
    const kept = (mountPath: string): boolean => {
      const mount = template.spec.containers[0].volumeMounts.find((m) => m.mountPath === mountPath);
      return template.spec.volumes.some((v) => v.name === mount?.name && v.persistentVolumeClaim);
    };
    expect([kept('/runs'), kept('/models')]).toEqual([true, true]);
  });

  test('P5-06: a GPU is asked for, and no longer than a time', () => {
    const { content } = readManifests().find((d) => d.file === 'run.yaml')!;
    const text = JSON.stringify(content);
    expect(text).toContain('"nvidia.com/gpu":"1"');
    expect(text).toMatch(/"activeDeadlineSeconds":\d+/);
  });
});

test('identify.yaml: as many shards as completions, each with tries of its own', () => {
  const { spec } = readJob('identify.yaml');
  const { args } = spec.template.spec.containers[0];
  expect(spec.completionMode).toBe('Indexed');
  expect(args[args.indexOf('--shards') + 1]).toBe(String(spec.completions));
  expect(spec.backoffLimitPerIndex).toBeGreaterThan(0);
});

test('merge.yaml reads where identify.yaml writes', () => {
  const argument = (file: string, flag: string): string | undefined => {
    const { args } = readJob(file).spec.template.spec.containers[0];
    return args[args.indexOf(flag) + 1];
  };
  expect(argument('merge.yaml', '--in')).toBe(argument('identify.yaml', '--out'));
});

function nameOf({ content }: Document): string {
  return String((content.metadata as { name?: unknown }).name);
}

/** Maps whose keys are free. */
const FREE = new Set(['labels', 'annotations', 'requests', 'limits', 'matchLabels', 'nodeSelector']);

function fieldsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...(FREE.has(name) ? [] : fieldsIn(inner))]);
}

/** Names of all fields that the types of these two groups know. */
function fieldsOfKubernetes(): ReadonlySet<string> {
  const home = dirname(createRequire(import.meta.url).resolve('kubernetes-models/package.json'));
  const files = [
    ...['Job', 'JobSpec', 'PodFailurePolicy', 'PodFailurePolicyRule'].map((n) => `batch/v1/${n}`),
    ...['PodFailurePolicyOnExitCodesRequirement', 'PodFailurePolicyOnPodConditionsPattern'].map(
      (n) => `batch/v1/${n}`,
    ),
    ...['PodTemplateSpec', 'PodSpec', 'PodSecurityContext', 'SeccompProfile', 'Container', 'EnvVar'].map(
      (n) => `v1/${n}`,
    ),
    ...['EnvFromSource', 'SecretEnvSource', 'ResourceRequirements', 'SecurityContext', 'Capabilities'].map(
      (n) => `v1/${n}`,
    ),
    ...[
      'VolumeMount',
      'Toleration',
      'Volume',
      'EmptyDirVolumeSource',
      'PersistentVolumeClaimVolumeSource',
    ].map((n) => `v1/${n}`),
    ...['PersistentVolumeClaim', 'PersistentVolumeClaimSpec', 'VolumeResourceRequirements'].map(
      (n) => `v1/${n}`,
    ),
  ];
  const fields = files.flatMap((file) =>
    [...readFileSync(join(home, `${file}.d.ts`), 'utf8').matchAll(/^ {4}"(\w+)"\??:/gm)].map(
      (m) => m[1] ?? '',
    ),
  );
  return new Set([...fields, 'name', 'labels']);
}
