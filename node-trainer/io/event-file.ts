import protobuf from 'protobufjs';

import { crc32c } from './crc32c.ts';

/** One value of one curve. */
export interface Scalar {
  /** Name of the curve; `/` makes groups. */
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

/** The part of TensorFlow's `event.proto` and `summary.proto` that scalars need. */
const { Event } = protobuf.Root.fromJSON({
  nested: {
    Value: { fields: { tag: { type: 'string', id: 1 }, simpleValue: { type: 'float', id: 2 } } },
    Summary: { fields: { value: { rule: 'repeated', type: 'Value', id: 1 } } },
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
      },
    },
  },
}).nested as { readonly Event: protobuf.Type };

/**
 * Scalars as a TensorBoard event file: TFRecords, the first of which names the version.
 * @param scalars in the order of time
 */
export function eventFile(scalars: readonly Scalar[]): Uint8Array {
  const events: Record<string, unknown>[] = [
    { wallTime: scalars[0]?.wallTime ?? 0, fileVersion: 'brain.Event:2' },
    ...scalars.map(({ tag, step, value, wallTime }) => ({
      wallTime,
      step,
      summary: { value: [{ tag, simpleValue: value }] },
    })),
  ];
  return Buffer.concat(events.map((event) => record(Event.encode(Event.fromObject(event)).finish())));
}

/** Framing of a TFRecord: length, its checksum, the data, its checksum; all little-endian. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return bytes;
}

/** A checksum of data that itself holds checksums would be weak, so TensorFlow turns and shifts it. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
