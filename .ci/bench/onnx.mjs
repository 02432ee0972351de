// A compiled network as an ONNX file, so that onnxruntime-web runs the very same numbers. Field numbers: onnx.proto3.
import protobuf from 'protobufjs';

const SCHEMA = `syntax = "proto3";
message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated Opset opset_import = 8; }
message Opset { string domain = 1; int64 version = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensor_type = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Shape { repeated Dimension dim = 1; }
message Dimension { int64 dim_value = 1; string dim_param = 2; }`;
const [FLOAT, INT64] = [1, 7];

/**
 * @param file compiled network (`shared/model/compiled-format.ts`)
 * @param weights its bytes
 * @returns bytes of the ONNX file; input `input` [n, 3, size, size], output `output` [n, classes]
 */
export function writeOnnx(file, weights) {
  const { root } = protobuf.parse(SCHEMA, { keepCase: true });
  const Model = root.lookupType('Model');
  const constant = (name, value) => ({ name, ...floats({ shape: [], data: [value] }) });
  const initializer = [constant('zero', 0), constant('six', 6)];
  const node = [];
  file.ops.forEach((op, i) => addOp(op, i + 1, { file, weights, node, initializer }));
  const last = `n${file.ops.length}`;
  node.push({ op_type: 'Softmax', input: [last], output: ['output'], attribute: [int('axis', 1)] });
  const { size } = file.preprocessing;
  const graph = {
    name: 'network',
    node,
    initializer,
    input: [value('input', [3, size, size])],
    output: [value('output', [file.classes])],
  };
  const model = {
    ir_version: 8,
    producer_name: 'menagerie-bench',
    graph,
    opset_import: [{ domain: '', version: 17 }],
  };
  return Model.encode(Model.fromObject(model)).finish();
}

function addOp(op, index, { file, weights, node, initializer }) {
  const name = (k) => (k === 0 ? 'input' : `n${k}`);
  const out = name(index);
  const push = (op_type, input, output, attribute = []) =>
    node.push({ op_type, input, output: [output], attribute });
  const numbers = (k) => {
    const { shape, offset } = file.tensors[k];
    const length = shape.reduce((a, b) => a * b, 1);
    return { shape, data: new Float32Array(weights.buffer, weights.byteOffset + offset, length) };
  };
  const add = (label, tensor) => {
    initializer.push({ ...tensor, name: `${label}${index}` });
    return `${label}${index}`;
  };
  const activated = (activation, from) => addActivation(activation, from, out, push);
  switch (op.op) {
    case 'add':
      return push('Add', [name(op.left), name(op.right)], out);
    case 'scale': {
      const shape = add('shape', integers([4], [0, -1, 1, 1]));
      push('Reshape', [name(op.factors), shape], `factors${index}`);
      return push('Mul', [name(op.input), `factors${index}`], out);
    }
    case 'concat':
      return push('Concat', op.inputs.map(name), out, [int('axis', 1)]);
    case 'activate':
      return activated(op.activation, name(op.input));
    case 'pad': {
      const edges = add('edges', integers([8], [0, 0, op.top, op.left, 0, 0, op.bottom, op.right]));
      return push('Pad', [name(op.input), edges, 'zero'], out);
    }
    case 'max-pool':
    case 'average-pool': {
      const attributes = [{ name: 'kernel_shape', ints: op.window, type: 7 }, ...sliding(op)];
      return push(op.op === 'max-pool' ? 'MaxPool' : 'AveragePool', [name(op.input)], out, attributes);
    }
    case 'mean':
      push('GlobalAveragePool', [name(op.input)], `pooled${index}`);
      return push('Flatten', [`pooled${index}`], out);
    case 'dense': {
      const [kernel, bias] = [numbers(op.kernel), numbers(op.bias)];
      const input = [name(op.input), add('w', floats(kernel)), add('b', floats(bias))];
      push('Gemm', input, `linear${index}`);
      return activated(op.activation, `linear${index}`);
    }
    case 'conv':
    case 'depthwise': {
      const filter = planarFilter(numbers(op.filter), op.op === 'depthwise');
      const input = [name(op.input), add('w', floats(filter)), add('b', floats(numbers(op.bias)))];
      const group = int('group', op.op === 'depthwise' ? filter.shape[0] : 1);
      push('Conv', input, `linear${index}`, [...sliding(op), group]);
      return activated(op.activation, `linear${index}`);
    }
  }
}

function addActivation(activation, from, to, push) {
  const [sixth, half] = [float('alpha', 1 / 6), float('beta', 0.5)];
  switch (activation) {
    case 'linear':
      return push('Identity', [from], to);
    case 'relu':
      return push('Relu', [from], to);
    case 'relu6':
      return push('Clip', [from, 'zero', 'six'], to);
    case 'sigmoid':
      return push('Sigmoid', [from], to);
    case 'swish':
      push('Sigmoid', [from], `${to}_sigmoid`);
      return push('Mul', [from, `${to}_sigmoid`], to);
    case 'hardSigmoid':
      return push('HardSigmoid', [from], to, [sixth, half]);
    case 'hardSwish':
      return push('HardSwish', [from], to);
  }
}

/** How a window goes over the image. */
function sliding({ strides, pad }) {
  return [
    { name: 'strides', ints: strides, type: 7 },
    { name: 'auto_pad', s: ascii(pad === 'same' ? 'SAME_UPPER' : 'VALID'), type: 3 },
  ];
}

/** [h, w, in, out] → [out, in, h, w]; depthwise [h, w, channels, 1] → [channels, 1, h, w]. */
function planarFilter({ shape: [h, w, into, out], data }, depthwise) {
  const planar = new Float32Array(data.length);
  const area = h * w;
  data.forEach((x, i) => {
    const [o, c, tap] = [i % out, Math.floor(i / out) % into, Math.floor(i / (out * into))];
    planar[depthwise ? c * area + tap : (o * into + c) * area + tap] = x;
  });
  return { shape: depthwise ? [into, 1, h, w] : [out, into, h, w], data: planar };
}

function floats({ shape, data }) {
  return { dims: shape, data_type: FLOAT, raw_data: new Uint8Array(Float32Array.from(data).buffer) };
}

function integers(dims, values) {
  const data = BigInt64Array.from(values, BigInt);
  return { dims, data_type: INT64, raw_data: new Uint8Array(data.buffer) };
}

function float(name, f) {
  return { name, f, type: 1 };
}

function int(name, i) {
  return { name, i, type: 2 };
}

function value(name, shape) {
  const dim = [{ dim_param: 'n' }, ...shape.map((n) => ({ dim_value: n }))];
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}

function ascii(text) {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
