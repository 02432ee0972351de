import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import * as v from 'valibot';
import { parseAllDocuments } from 'yaml';

const FOLDER = resolve(import.meta.dirname, '..', 'deploy', 'kubernetes');

const ContainerSchema = v.object({
  name: v.string(),
  image: v.string(),
  command: v.optional(v.array(v.string())),
  args: v.optional(v.array(v.string()), []),
  env: v.optional(v.array(v.object({ name: v.string(), value: v.string() })), []),
  volumeMounts: v.array(
    v.object({ name: v.string(), mountPath: v.string(), readOnly: v.optional(v.boolean()) }),
  ),
});

const VolumeSchema = v.object({
  name: v.string(),
  persistentVolumeClaim: v.optional(v.object({ claimName: v.string(), readOnly: v.optional(v.boolean()) })),
  emptyDir: v.optional(v.object({ sizeLimit: v.string() })),
});

const RuleSchema = v.object({
  action: v.string(),
  onExitCodes: v.optional(
    v.object({ containerName: v.string(), operator: v.literal('In'), values: v.array(v.number()) }),
  ),
});

/** What the tests ask of a Job; that it is one at all is checked against Kubernetes' own schema. */
const JobSchema = v.object({
  metadata: v.object({ name: v.string() }),
  spec: v.object({
    completions: v.optional(v.number(), 1),
    parallelism: v.optional(v.number(), 1),
    completionMode: v.optional(v.string()),
    backoffLimit: v.optional(v.number()),
    backoffLimitPerIndex: v.optional(v.number()),
    maxFailedIndexes: v.optional(v.number()),
    podFailurePolicy: v.object({ rules: v.array(RuleSchema) }),
    template: v.object({
      spec: v.object({
        restartPolicy: v.string(),
        initContainers: v.optional(v.array(ContainerSchema), []),
        containers: v.tuple([ContainerSchema]),
        volumes: v.array(VolumeSchema),
      }),
    }),
  }),
});
export type Job = v.InferOutput<typeof JobSchema>;

/** A document of a manifest as it stands. */
export interface Document {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Every document of every manifest. */
export function readManifests(): Document[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'), { strict: true, uniqueKeys: true }).map(
      (doc) => {
        if (doc.errors.length > 0) throw new Error(`${file}: ${doc.errors.join('; ')}`);
        const content = doc.toJS() as Readonly<Record<string, unknown>>;
        return { file, apiVersion: String(content.apiVersion), kind: String(content.kind), content };
      },
    ),
  );
}

/** The Job in a manifest. */
export function readJob(file: string): Job {
  const document = readManifests().find((d) => d.file === file && d.kind === 'Job');
  return v.parse(JobSchema, document?.content);
}
