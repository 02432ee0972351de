/** Formats of other programs that can be written. */
import { cocoWriter } from './coco.ts';
import { csvWriter } from './csv.ts';
import { cvatWriter } from './cvat.ts';
import type { ForeignWriter, WritableFormat } from './format.ts';
import { imageFolderWriter } from './image-folder.ts';
import { labelStudioWriter } from './label-studio.ts';
import { yoloWriter } from './yolo.ts';

/** In the order in which they are offered. */
export const WRITERS: readonly ForeignWriter[] = [
  imageFolderWriter,
  csvWriter,
  cocoWriter,
  yoloWriter,
  cvatWriter,
  labelStudioWriter,
];

export function writerOf(format: WritableFormat): ForeignWriter {
  const writer = WRITERS.find((one) => one.format === format);
  if (!writer) throw new Error(`"${format}" cannot be written.`);
  return writer;
}
