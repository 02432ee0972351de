/**
 * Variations of photos, by training's own code and from the same random numbers as the trainer's `preview`. Runs in
 * workers.
 */
import { createRandom } from '#shared/dataset/random.ts';
import { describeAugmentation } from '#shared/image/augment-draw.ts';
import { contentShare, pictureShare, smallPicture, type SmallPicture } from '#shared/image/picture-share.ts';
import { toRgba, type Pixels } from '#shared/image/pixels.ts';
import { shareAfter, variationsOf } from '#shared/image/variations.ts';
import type { AugmentOptions } from '#shared/schema/augment.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { decodeExact } from '../platform/decode.ts';

export interface VariationWish {
  readonly photos: readonly {
    readonly photo: Pick<Photo, 'width' | 'height' | 'edits' | 'faults'>;
    /** Canonical PNG; null for a photo that is gone. */
    readonly image: ArrayBuffer | null;
    /** Whether its class may be mirrored. */
    readonly flop: boolean;
  }[];
  readonly options: AugmentOptions;
  readonly seed: number;
}

/** A picture as a canvas takes it. */
interface Painted {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A photo beside its variations. */
export interface VariedPhoto {
  readonly plain: Painted;
  /** Why it is never made smaller; null where it is. */
  readonly small: SmallPicture | null;
  readonly varied: readonly {
    readonly picture: Painted;
    /** What was done to it. */
    readonly words: string;
    /** Share of the square that the picture covers afterwards, 0 … 1 (P4-14). */
    readonly share: number;
  }[];
}

/** One row a photo; null for one that can't be shown. It takes no random numbers then, as in the trainer. */
export async function drawRows({
  photos,
  options,
  seed,
}: VariationWish): Promise<readonly (VariedPhoto | null)[]> {
  const images = await Promise.all(photos.map(({ image }) => decoded(image)));
  const random = createRandom(seed);
  return photos.map(({ photo, flop }, i) => {
    const image = images[i];
    if (!image) return null;
    const content = contentShare(image);
    const small = smallPicture(photo, content);
    const { plain, varied } = variationsOf(image, options, random, { flop, zoomOut: small === null });
    const share = Math.min(content, pictureShare(photo));
    return {
      plain: painted(plain),
      small,
      varied: varied.map(({ picture, drawn }) => ({
        picture: painted(picture),
        words: describeAugmentation(drawn),
        share: shareAfter(share, drawn),
      })),
    };
  });
}

/** Null for an image that is gone or rotted on the device. */
async function decoded(image: ArrayBuffer | null): Promise<Pixels | null> {
  if (image === null) return null;
  try {
    return await decodeExact(new Uint8Array(image));
  } catch {
    return null;
  }
}

function painted(pixels: Pixels): Painted {
  return { width: pixels.width, height: pixels.height, data: toRgba(pixels) };
}
