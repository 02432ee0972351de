import { add, mul, relu6, serialization, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

import type { Activation } from '../compiled-format.ts';

type Layer = layers.Layer;

/** relu6(x + 3) / 6: the gate of MobileNet V3. The layers library's own hard sigmoid is another function. */
export class HardSigmoid extends layers.Layer {
  static readonly className = 'HardSigmoid';

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => gate(only(inputs)));
  }

  override computeOutputShape<S>(shape: S): S {
    return shape;
  }
}

/** x · relu6(x + 3) / 6: the activation of MobileNet V3. */
export class HardSwish extends layers.Layer {
  static readonly className = 'HardSwish';

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = only(inputs);
      return mul(x, gate(x));
    });
  }

  override computeOutputShape<S>(shape: S): S {
    return shape;
  }
}

// A saved model names its layers by class; only registered ones can be loaded again.
serialization.registerClass(HardSigmoid);
serialization.registerClass(HardSwish);

function gate(x: Tensor): Tensor {
  return mul(relu6(add(x, 3)), 1 / 6);
}

function only(inputs: Tensor | Tensor[]): Tensor {
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  if (!x) throw new Error('an activation got no input');
  return x;
}

/** The layer that applies an activation; a linear one needs none. */
export function activationLayer(activation: Exclude<Activation, 'linear'>, name: string): Layer {
  switch (activation) {
    case 'relu':
      return layers.reLU({ name });
    case 'relu6':
      return layers.reLU({ name, maxValue: 6 });
    case 'swish':
    case 'sigmoid':
      return layers.activation({ name, activation });
    case 'hardSwish':
      return new HardSwish({ name });
    case 'hardSigmoid':
      return new HardSigmoid({ name });
  }
}

/** What a layer applies, from its class and config; `null` for a layer that is no activation we know. */
export function activationOf(
  className: string,
  config: Readonly<Record<string, unknown>>,
): Activation | null {
  if (className === HardSwish.className) return 'hardSwish';
  if (className === HardSigmoid.className) return 'hardSigmoid';
  if (className === 'ReLU') return reluOf(config);
  if (className !== 'Activation') return null;
  const known: readonly Activation[] = ['linear', 'relu', 'relu6', 'swish', 'sigmoid'];
  return known.find((name) => name === config.activation) ?? null;
}

function reluOf({
  maxValue,
  negativeSlope,
  threshold,
}: Readonly<Record<string, unknown>>): Activation | null {
  if (negativeSlope || threshold) return null;
  if (maxValue === 6) return 'relu6';
  return maxValue === undefined || maxValue === null ? 'relu' : null;
}
