import * as v from 'valibot';

import { checkStandardisation } from './standardisation.ts';
import { WeightsError } from './weights-error.ts';
import type { ForeignModel, NamedWeight, TimmFacts } from './weights.ts';
import { isZooName, ZOO, type ZooName } from './zoo/table.ts';
import type { BackboneSpec } from './zoo.ts';

const Channels = v.pipe(v.array(v.number()), v.length(3));
const ConfigSchema = v.object({
  architecture: v.string(),
  pretrained_cfg: v.optional(
    v.object({
      input_size: v.optional(Channels),
      mean: v.optional(Channels),
      std: v.optional(Channels),
    }),
  ),
});

/**
 * What is known of a timm model beside its weights.
 * @param config the parsed `config.json` beside the file; null where there is none
 * @param where file or address, of which the name may tell the architecture
 */
export function timmFacts(config: unknown, where: string): TimmFacts {
  const parsed = v.safeParse(ConfigSchema, config);
  if (!parsed.success) {
    const named = /(?:tf_)?efficientnet_[a-z0-9_]+|inception_v4/.exec(where)?.[0] ?? null;
    return { architecture: named, size: null, mean: null, std: null };
  }
  const { architecture, pretrained_cfg: trained } = parsed.output;
  return {
    architecture,
    size: trained?.input_size?.[2] ?? null,
    mean: trained?.mean ?? null,
    std: trained?.std ?? null,
  };
}

/**
 * Says which network of the zoo a timm model is.
 * @throws WeightsError where it is none, or was trained on other pixel values than ours
 */
export function recogniseTimm(model: ForeignModel, size?: number): BackboneSpec {
  const name = architectureOf(model);
  const { mean, std } = model.timm ?? {};
  if (mean && std) checkStandardisation(name, { file: model.file, mean, variance: std.map((s) => s * s) });
  return { name, width: 1, size: size ?? model.timm?.size ?? ZOO[name].size, batchNorm: true };
}

function architectureOf(model: ForeignModel): ZooName {
  if (model.weights.has('features.21.branch0.conv.weight')) return 'inception-v4';
  // Variants with a tag: `tf_efficientnet_b0.ns_jft_in1k`.
  const said = model.timm?.architecture?.replace(/\..*$/, '') ?? null;
  const variant = /^tf_efficientnet_(b[0-7])$/.exec(said ?? '')?.[1];
  const name = `efficientnet-${variant ?? ''}`;
  if (isZooName(name)) return name;
  if (!model.weights.has('conv_stem.weight')) {
    throw new WeightsError(model.file, `none of the networks of timm that are known: ${KNOWN}`);
  }
  const reason =
    said === null
      ? "nothing says which EfficientNet this is, and timm's efficientnet_… and tf_efficientnet_… have the same names and " +
        'shapes. Put the config.json that timm publishes with it beside the file, or give the file its name'
      : `${said} has other padding, epsilon or blocks than our EfficientNets, so its outputs would differ`;
  throw new WeightsError(model.file, `${reason}. Known are ${KNOWN}`);
}

const KNOWN = 'inception_v4, tf_efficientnet_b0 … tf_efficientnet_b7';

const NORM: ReadonlyMap<string, string> = new Map([
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['moving_mean', 'running_mean'],
  ['moving_variance', 'running_var'],
]);

/** The name that a weight of the zoo has with timm: `block2a_dwconv/depthwise_kernel` → `blocks.1.0.conv_dw.weight`. */
export function timmName(name: string): string {
  const slash = name.lastIndexOf('/');
  const [layer, weight] = [name.slice(0, slash), name.slice(slash + 1)];
  const part = NORM.get(weight) ?? (weight === 'bias' ? 'bias' : 'weight');
  return `${timmLayer(layer)}.${part}`;
}

const ENDS: ReadonlyMap<string, string> = new Map([
  ['stem_conv', 'conv_stem'],
  ['stem_bn', 'bn1'],
  ['top_conv', 'conv_head'],
  ['top_bn', 'bn2'],
]);
/** In a block that begins with an expansion; the first stage has none, so its norms count from the depthwise one. */
const EXPANDED: ReadonlyMap<string, string> = new Map([
  ['expand_conv', 'conv_pw'],
  ['expand_bn', 'bn1'],
  ['dwconv', 'conv_dw'],
  ['bn', 'bn2'],
  ['se_reduce', 'se.conv_reduce'],
  ['se_expand', 'se.conv_expand'],
  ['project_conv', 'conv_pwl'],
  ['project_bn', 'bn3'],
]);
const FIRST_STAGE: ReadonlyMap<string, string> = new Map([
  ...EXPANDED,
  ['bn', 'bn1'],
  ['project_conv', 'conv_pw'],
  ['project_bn', 'bn2'],
]);

function timmLayer(layer: string): string {
  const block = /^block(\d)([a-z])_(.*)$/.exec(layer);
  if (!block) return ENDS.get(layer) ?? layer;
  const [, stage = '', letter = '', part = ''] = block;
  const parts = stage === '1' ? FIRST_STAGE : EXPANDED;
  return `blocks.${Number(stage) - 1}.${letter.charCodeAt(0) - 97}.${parts.get(part) ?? part}`;
}

/** A weight in our layout: [out, in, h, w] → [h, w, in, out], and for depthwise kernels [c, 1, h, w] → [h, w, c, 1]. */
export function fromTimm(weight: NamedWeight, name: string): NamedWeight {
  if (weight.shape.length !== 4) return weight;
  const order = name.endsWith('/depthwise_kernel') ? [2, 3, 0, 1] : [2, 3, 1, 0];
  return permute(weight, order);
}

function permute({ name, shape, data }: NamedWeight, order: readonly number[]): NamedWeight {
  const edges = order.map((axis) => shape[axis] ?? 1);
  const strides = order.map((axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const out = new Float32Array(data.length);
  let at = 0;
  const walk = (axis: number, from: number): void => {
    const [edge = 1, stride = 1] = [edges[axis], strides[axis]];
    for (let i = 0; i < edge; i += 1) {
      const next = from + i * stride;
      if (axis < edges.length - 1) walk(axis + 1, next);
      else out[at++] = data[next] ?? 0;
    }
  };
  walk(0, 0);
  return { name, shape: edges, data: out };
}
