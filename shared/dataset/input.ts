import type { Benchmark } from '../schema/benchmark.ts';
import { DataSetOptionsSchema, type DataSetOptions } from '../schema/dataset.ts';
import type { MergeRule, SubClass, UnknownLabel } from '../schema/label.ts';
import type { LabelId, PhotoId } from '../schema/names.ts';
import type { Photo } from '../schema/photo.ts';

import * as v from 'valibot';

export interface DataSetInput {
  /** The whole library, in any order. */
  readonly photos: readonly Photo[];
  readonly subClasses: readonly SubClass[];
  /** A photo under one of these never trains, even where its label says it is a sub-class. */
  readonly unknownLabels?: readonly UnknownLabel[];
  readonly mergeRules: readonly MergeRule[];
  readonly benchmarks: readonly Benchmark[];
  readonly options: DataSetOptions;
}

export type DataSetFault =
  | { readonly kind: 'options'; readonly detail: string }
  | { readonly kind: 'repeated-photo'; readonly photo: PhotoId }
  | { readonly kind: 'unknown-sub-class'; readonly photo: PhotoId; readonly subClass: LabelId }
  | { readonly kind: 'missing-photo'; readonly benchmark: string; readonly photo: PhotoId }
  | { readonly kind: 'listed-twice'; readonly benchmark: string; readonly photo: PhotoId };

/** The library contradicts itself, so that no data set can be built. The message names the culprit. */
export class DataSetError extends Error {
  override readonly name = 'DataSetError';
  readonly fault: DataSetFault;
  constructor(fault: DataSetFault) {
    super(describe(fault));
    this.fault = fault;
  }
}

function describe(fault: DataSetFault): string {
  switch (fault.kind) {
    case 'options':
      return `data-set options: ${fault.detail}`;
    case 'repeated-photo':
      return `photo ${fault.photo} is in the library twice`;
    case 'unknown-sub-class':
      return `photo ${fault.photo} is labelled "${fault.subClass}", which is no sub-class of this library`;
    case 'missing-photo':
      return `the benchmark "${fault.benchmark}" holds photo ${fault.photo}, which is not in this library`;
    case 'listed-twice':
      return `the benchmark "${fault.benchmark}" holds photo ${fault.photo} twice`;
  }
}

/** @throws DataSetError */
export function checkInput(input: DataSetInput): void {
  checkOptions(input.options);
  const photos = new Set<PhotoId>();
  for (const { id } of input.photos) {
    if (photos.has(id)) throw new DataSetError({ kind: 'repeated-photo', photo: id });
    photos.add(id);
  }
  for (const { name: benchmark, items } of input.benchmarks) {
    const seen = new Set<PhotoId>();
    for (const { photo } of items) {
      if (!photos.has(photo)) throw new DataSetError({ kind: 'missing-photo', benchmark, photo });
      if (seen.has(photo)) throw new DataSetError({ kind: 'listed-twice', benchmark, photo });
      seen.add(photo);
    }
  }
}

function checkOptions(options: DataSetOptions): void {
  const result = v.safeParse(DataSetOptionsSchema, options);
  if (!result.success) {
    const [issue] = result.issues;
    throw new DataSetError({ kind: 'options', detail: `${v.getDotPath(issue) ?? ''}: ${issue.message}` });
  }
  if (options.maximum < options.minimum) {
    const detail = `the maximum (${options.maximum}) is below the minimum (${options.minimum})`;
    throw new DataSetError({ kind: 'options', detail });
  }
}
