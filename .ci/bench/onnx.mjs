// A compiled network as an ONNX file, so that onnxruntime-web runs the very same numbers. Field numbers: onnx.proto3.
import protobuf from 'protobufjs';

const SCHEMA = `syntax = "proto3";
message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated Opset opset_import = 8; }
message Opset { string domain = 1; int64 version = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
message Attribute { string name = 1; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensor_type = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Shape { repeated Dimension dim = 1; }
message Dimension { int64 dim_value = 1; string dim_param = 2; }`;
const FLOAT = 1;

/**
 * @param file compiled network (`shared/model/compiled-format.ts`)
 * @param weights its bytes
 * @returns bytes of the ONNX file; input `input` [n, 3, size, size], output `output` [n, classes]
 */
export function writeOnnx(file, weights) {
  const { root } = protobuf.parse(SCHEMA, { keepCase: true });
  const Model = root.lookupType('Model');
  const initializer = [floats('zero', [], [0]), floats('six', [], [6])];
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
  const output = [name(index)];
  const numbers = (k) => {
    const { shape, offset } = file.tensors[k];
    const length = shape.reduce((a, b) => a * b, 1);
    return { shape, data: new Float32Array(weights.buffer, weights.byteOffset + offset, length) };
  };
  const add = (label, shape, data) => {
    initializer.push(floats(`${label}${index}`, shape, data));
    return `${label}${index}`;
  };
  if (op.op === 'add') node.push({ op_type: 'Add', input: [name(op.left), name(op.right)], output });
  if (op.op === 'mean') {
    node.push({ op_type: 'GlobalAveragePool', input: [name(op.input)], output: [`pooled${index}`] });
    node.push({ op_type: 'Flatten', input: [`pooled${index}`], output });
  }
  if (op.op === 'dense') {
    const [kernel, bias] = [numbers(op.kernel), numbers(op.bias)];
    const input = [name(op.input), add('w', kernel.shape, kernel.data), add('b', bias.shape, bias.data)];
    node.push({ op_type: 'Gemm', input, output });
  }
  if (op.op === 'conv' || op.op === 'depthwise') {
    const { shape, data } = planarFilter(numbers(op.filter), op.op === 'depthwise');
    const bias = numbers(op.bias);
    const bounded = op.activation !== 'linear';
    node.push({
      op_type: 'Conv',
      input: [name(op.input), add('w', shape, data), add('b', bias.shape, bias.data)],
      output: bounded ? [`conv${index}`] : output,
      attribute: [
        { name: 'strides', ints: op.strides, type: 7 },
        { name: 'auto_pad', s: ascii(op.pad === 'same' ? 'SAME_UPPER' : 'VALID'), type: 3 },
        int('group', op.op === 'depthwise' ? shape[0] : 1),
      ],
    });
    const limits = op.activation === 'relu6' ? ['zero', 'six'] : ['zero'];
    if (bounded) node.push({ op_type: 'Clip', input: [`conv${index}`, ...limits], output });
  }
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

function floats(name, dims, values) {
  const data = Float32Array.from(values);
  return { name, dims, data_type: FLOAT, raw_data: new Uint8Array(data.buffer) };
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
