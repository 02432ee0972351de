import type { CalibrationFigures } from '#shared/schema/metrics.ts';

type Bin = CalibrationFigures['bins'][number];

/** How the model's confidence stands to how often it is right, over all photos. */
export type Bias = 'sure' | 'modest' | 'fits';

/** A difference up to this is no news: two points of a hundred. */
const CLOSE = 0.02;
/** Fewer photos in a bin than this say little. */
const FEW = 5;

export function bias(bins: readonly Bin[]): Bias {
  let [images, gap] = [0, 0];
  for (const bin of bins) {
    images += bin.images;
    gap += bin.images * ((bin.confidence ?? 0) - (bin.accuracy ?? 0));
  }
  const mean = images === 0 ? 0 : gap / images;
  if (Math.abs(mean) <= CLOSE) return 'fits';
  return mean > 0 ? 'sure' : 'modest';
}

/** Where the two differ most, weighted by the photos it concerns; null where they differ nowhere among enough photos. */
export function farthestBin(
  bins: readonly Bin[],
): { readonly confidence: number; readonly accuracy: number; readonly images: number } | null {
  const known = bins.flatMap(({ confidence, accuracy, images }) =>
    confidence === null || accuracy === null || images < FEW || Math.abs(confidence - accuracy) <= CLOSE
      ? []
      : [{ confidence, accuracy, images }],
  );
  const weight = (bin: (typeof known)[number]): number =>
    bin.images * Math.abs(bin.confidence - bin.accuracy);
  return known.reduce<(typeof known)[number] | null>(
    (most, bin) => (most === null || weight(bin) > weight(most) ? bin : most),
    null,
  );
}
