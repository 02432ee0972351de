import * as v from 'valibot';

import { FilePath } from '../schema/model.ts';
import type { ForeignLayer } from './weights.ts';

const QuantizationSchema = v.variant('dtype', [
  v.object({ dtype: v.picklist(['uint8', 'uint16']), scale: v.number(), min: v.number() }),
  v.object({ dtype: v.literal('float16') }),
]);

const WeightSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(200), v.regex(/^[\w.:-]+(\/[\w.:-]+)*$/, 'expected a plain name')),
  shape: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1 << 24))), v.maxLength(6)),
  dtype: v.literal('float32', 'expected float32 weights'),
  quantization: v.optional(QuantizationSchema),
});
/** One weight as the manifest describes it. */
export type WeightSpec = v.InferOutput<typeof WeightSchema>;

const GroupSchema = v.object({
  paths: v.pipe(v.array(FilePath), v.minLength(1), v.maxLength(1000)),
  weights: v.pipe(v.array(WeightSchema), v.maxLength(10_000)),
});

const LayerSchema = v.object({
  class_name: v.pipe(v.string(), v.maxLength(200)),
  config: v.pipe(
    v.record(v.string(), v.unknown()),
    v.check((c) => typeof c.name === 'string', 'has no name'),
  ),
});
/** A Keras topology, of which we read the layers. */
export const NetworkSchema = v.object({
  config: v.object({ layers: v.pipe(v.array(LayerSchema), v.maxLength(5000)) }),
});
/** What we read of a `model.json`; everything else in it is left alone. */
export const ManifestSchema = v.object({
  modelTopology: v.union([v.object({ model_config: NetworkSchema }), NetworkSchema]),
  weightsManifest: v.pipe(v.array(GroupSchema), v.minLength(1), v.maxLength(5000)),
  generatedBy: v.nullish(v.string()),
  userDefinedMetadata: v.nullish(v.looseObject({ architecture: v.unknown(), width: v.unknown() })),
});

/** The layers of a checked topology. */
export function layersOf(network: v.InferOutput<typeof NetworkSchema>): ForeignLayer[] {
  return network.config.layers.map((l) => ({
    className: l.class_name,
    name: String(l.config.name),
    config: l.config,
  }));
}
