import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { pythonWith } from '../testing/python.ts';
import { scratch } from '../testing/shapes.ts';
import { crc32c } from './crc32c.ts';
import { eventFile } from './event-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('CRC-32C', () => {
  test.each([
    ['nothing', new Uint8Array(0), 0],
    ['the usual check value', bytes('123456789'), 0xe3069283],
    ['32 zeros (RFC 3720)', new Uint8Array(32), 0x8a9136aa],
    ['32 ones (RFC 3720)', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31 (RFC 3720)', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('of %s', (_, data, expected) => {
    expect(crc32c(data)).toBe(expected);
  });
});

const SCALARS = [
  { tag: 'head/loss', step: 1, value: 2.5, wallTime: 1_700_000_000 },
  { tag: 'head/loss', step: 2, value: 0.125, wallTime: 1_700_000_060 },
];

describe('a TensorBoard event file', () => {
  test('is the same, byte for byte, as what TensorBoard 2.21 writes', () => {
    const theirs =
      '1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d' +
      '1f00000000000000514b44180900000040fc54d94110012a120a100a09686561642f6c6f737315000020402e5c6fe8';
    expect(Buffer.from(eventFile(SCALARS.slice(0, 1))).toString('hex')).toBe(theirs);
  });

  test('is read back by a reader of its own, checksums included', () => {
    const records = readRecords(eventFile(SCALARS));
    expect(records).toHaveLength(3);
    const values = records.slice(1).map(readScalar);
    expect(values).toEqual(SCALARS.map(({ tag, step, value, wallTime }) => ({ tag, step, value, wallTime })));
  });

  test('a flipped bit is found', () => {
    const file = eventFile(SCALARS);
    file[20] = (file[20] ?? 0) ^ 1;
    expect(() => readRecords(file)).toThrow('checksum');
  });

  const python = pythonWith('tensorboard.backend.event_processing.event_accumulator');
  const skipped = python ? '' : ' (skipped: no Python with tensorboard)';
  test.skipIf(!python)(`TensorBoard's own reader finds the curves in it${skipped}`, async () => {
    const folder = await scratch();
    mkdirSync(join(folder, 'training'));
    writeFileSync(join(folder, 'training', 'events.out.tfevents.1700000000.menagerie'), eventFile(SCALARS));
    const args = ['-c', READER, join(folder, 'training')];
    const { stdout, stderr } = spawnSync(python ?? '', args, { encoding: 'utf8' });
    expect(stderr).not.toContain('Traceback');
    expect(JSON.parse(stdout)).toEqual([
      [1, 2.5],
      [2, 0.125],
    ]);
  });
});

/** Splits TFRecords; independent of the writer but for the checksum, which has its own test. */
function readRecords(file: Uint8Array): DataView[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const records: DataView[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    check(file.subarray(at, at + 8), view.getUint32(at + 8, true));
    const data = file.subarray(at + 12, at + 12 + length);
    check(data, view.getUint32(at + 12 + length, true));
    records.push(new DataView(data.buffer, data.byteOffset, data.length));
    at += 16 + length;
  }
  return records;
}

function check(data: Uint8Array, masked: number): void {
  const turned = (masked - 0xa282ead8) >>> 0;
  if (((turned >>> 17) | (turned << 15)) >>> 0 !== crc32c(data)) throw new Error('wrong checksum');
}

/** By hand along the wire format: double 1, varint 2, message 5 { message 1 { string 1, float 2 } }. */
function readScalar(view: DataView): { tag: string; step: number; value: number; wallTime: number } {
  const wallTime = view.getFloat64(1, true);
  const step = view.getUint8(10);
  const tagLength = view.getUint8(16);
  const tag = Buffer.from(view.buffer, view.byteOffset + 17, tagLength).toString();
  return { tag, step, value: view.getFloat32(18 + tagLength, true), wallTime };
}

const READER = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(json.dumps([[e.step, e.value] for e in events.Scalars('head/loss')]))`;
