import type { LayersModel } from '@tensorflow/tfjs-layers';

type Layer = LayersModel['layers'][number];

/** A tensor's numbers on the CPU. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What the compiler wants to know of a layer. */
export interface LayerView {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: readonly Numbers[];
  /** Names of the layers whose results it reads. */
  readonly inputs: readonly string[];
  /** Number of layers that read its result. */
  readonly readers: number;
}

/** The layers of a model in the order of running, with their numbers. */
export async function viewLayers(model: LayersModel): Promise<LayerView[]> {
  const inputsOf = new Map(model.layers.map((l) => [l, inputNames(l)]));
  const views: LayerView[] = [];
  for (const layer of model.layers) {
    const readers = [...inputsOf.values()].filter((names) => names.includes(layer.name)).length;
    views.push({
      name: layer.name,
      className: layer.getClassName(),
      config: layer.getConfig(),
      weights: await numbersOf(layer),
      inputs: inputsOf.get(layer) ?? [],
      readers,
    });
  }
  return views;
}

function inputNames(layer: Layer): string[] {
  return layer.inboundNodes[0]?.inboundLayers.map((l) => l.name) ?? [];
}

async function numbersOf(layer: Layer): Promise<Numbers[]> {
  return Promise.all(
    layer.getWeights().map(async (t) => ({ shape: t.shape, data: (await t.data()) as Float32Array })),
  );
}
