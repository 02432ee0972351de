/** What every runtime must compute from the same synthetic pictures, byte for byte: CRC-32 of the bytes. */
import { crc32 } from '../../archive/crc32.ts';
import { createRandom } from '../../dataset/random.ts';
import { DEFAULT_AUGMENTATION, STRONG_AUGMENTATION } from '../../schema/augment.ts';
import { applyAugmentation, augment } from '../augment.ts';
import type { Augmentation } from '../augment-draw.ts';
import { canonicalise } from '../canonical.ts';
import { contactSheet } from '../contact-sheet.ts';
import { applyEdits } from '../edits.ts';
import { perceptualHash } from '../phash.ts';
import { fromRgba, type Pixels } from '../pixels.ts';
import { resize } from '../resample.ts';
import { variationsOf } from '../variations.ts';
import { noise, noiseBytes, scene } from './synthetic.ts';

/** A computation and its committed answer. To renew after a deliberate change: run the test, copy what it prints. */
export interface GoldenCase {
  readonly name: string;
  readonly expected: string;
  readonly compute: () => string;
}

function picture(name: string, expected: string, make: () => Pixels): GoldenCase {
  const compute = (): string => {
    const { width, height, data } = make();
    return `${width}×${height} ${crc32(data).toString(16).padStart(8, '0')}`;
  };
  return { name, expected, compute };
}

const still: Augmentation = {
  flop: false,
  turn: 0,
  zoom: 1000,
  right: 0,
  down: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  noise: 0,
  grain: 1,
};

/** One variation of a canonical scene. */
function varied(change: Partial<Augmentation>, size = 96): Pixels {
  return applyAugmentation(canonicalise(scene(500, 350, 6)), { ...still, ...change }, size);
}

const crop = { x: 0.1, y: 0.25, width: 0.5, height: 0.6 };

export const GOLDEN: readonly GoldenCase[] = [
  picture('shrinks by whole steps', '32×20 70e5fde2', () => resize(noise(96, 60), 32, 20)),
  picture('shrinks by broken steps', '64×37 0ae43d9e', () => resize(noise(97, 61), 64, 37)),
  picture('shrinks to one pixel', '1×1 5a1768ae', () => resize(noise(97, 61), 1, 1)),
  picture('shrinks a line beyond the precision of a weight', '1×1 5bd50299', () =>
    resize(noise(20_000, 1), 1, 1),
  ),
  picture('enlarges', '64×64 fbe26094', () => resize(noise(13, 7), 64, 64)),
  picture('enlarges one pixel', '5×5 929c9f0b', () => resize(noise(1, 1), 5, 5)),
  picture('shrinks one way, enlarges the other', '64×64 db5c4fd6', () => resize(noise(300, 20), 64, 64)),
  picture('lays transparency over black', '32×16 030d0831', () =>
    fromRgba(32, 16, noiseBytes(32 * 16 * 4, 7)),
  ),
  picture('canonical: landscape', '299×299 bdad5b3b', () => canonicalise(scene(1000, 700))),
  picture('canonical: portrait, phone', '299×299 6a9d4ea5', () => canonicalise(noise(756, 1008))),
  picture('canonical: smaller than the square', '224×224 ab4b0aa9', () => canonicalise(noise(31, 20), 224)),
  picture('canonical: a hair', '96×96 9e4b526b', () => canonicalise(noise(3, 2000), 96)),
  picture('edit: quarter turn and crop', '17×30 906b07e2', () =>
    applyEdits(noise(50, 33), { turn: 90, crop }),
  ),
  picture('edit: half turn and crop', '25×20 77c30447', () => applyEdits(noise(50, 33), { turn: 180, crop })),
  picture('edit: three quarters', '33×50 3df6ada9', () =>
    applyEdits(noise(50, 33), { turn: 270, crop: null }),
  ),
  picture('augment: mirrored', '96×96 09b45deb', () => varied({ flop: true })),
  picture('augment: turned clockwise', '96×96 386b2c86', () => varied({ turn: 937 })),
  picture('augment: turned far, enlarged to a larger picture', '331×331 cf6e330a', () =>
    varied({ turn: -4500, zoom: 1730 }, 331),
  ),
  picture('augment: smaller', '96×96 b143aaaa', () => varied({ zoom: 867 })),
  picture('augment: a crop', '224×224 4601e2e2', () => varied({ zoom: 1250, right: -87, down: 61 }, 224)),
  picture('augment: light', '96×96 4d33c6fe', () => varied({ brightness: 83, contrast: -171 })),
  picture('augment: colours', '96×96 f1d98e60', () => varied({ saturation: 700 })),
  picture('augment: grain', '96×96 e53734b8', () => varied({ noise: 31, grain: 0x9abcdef0 })),
  picture('augment: drawn slightly', '160×160 0cdd595d', () =>
    augment(canonicalise(scene(300, 400, 7)), DEFAULT_AUGMENTATION, createRandom(7), { size: 160 }),
  ),
  picture('augment: drawn strongly', '96×96 667fa996', () =>
    augment(noise(299, 299, 8), STRONG_AUGMENTATION, createRandom(8), { size: 96 }),
  ),
  picture('variations: a row of the sheet', '1590×204 8aebacf7', () => {
    const allowed = { flop: true, zoomOut: true };
    const image = canonicalise(scene(600, 400, 11));
    const { plain, varied } = variationsOf(image, STRONG_AUGMENTATION, createRandom(11), allowed);
    return contactSheet([[plain, ...varied.map((v) => v.picture)]]);
  }),
  {
    name: 'perceptual hash: scene',
    expected: '63717131396c4c78',
    compute: () => perceptualHash(scene(640, 480, 3)),
  },
  {
    name: 'perceptual hash: canonical portrait',
    expected: '4165fed963674f0c',
    compute: () => perceptualHash(canonicalise(scene(300, 500, 4)), { width: 300, height: 500 }),
  },
  {
    name: 'perceptual hash: noise',
    expected: '542e593ac6bdba39',
    compute: () => perceptualHash(noise(299, 299, 5)),
  },
];
