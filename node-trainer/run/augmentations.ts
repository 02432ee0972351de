import {
  type AugmentationName,
  AUGMENTATIONS,
  type AugmentOptions,
  MOST,
  type Strength,
  STRENGTHS,
} from '#shared/schema/augment.ts';

import { numberIn, type Option, text } from './option-kinds.ts';

/** Whether a name from outside is one of the ways to vary photos. */
function isAugmentation(name: string): name is AugmentationName {
  return Object.hasOwn(AUGMENTATIONS, name);
}

/** A single variation is as strong as `--augment` says unless it has a number of its own. */
const AS_AUGMENT = 'as --augment';

function strength(
  which: Strength,
  about: { readonly flag: string; readonly env: string; readonly meaning: string },
): Option<number | typeof AS_AUGMENT> {
  const read = numberIn(0, MOST[which]);
  return {
    ...about,
    fallback: AS_AUGMENT,
    read: (value) => (value === AS_AUGMENT ? AS_AUGMENT : read(value)),
  };
}

const anyText = (value: string): value is string => value.length >= 0;

/** Settings of how training photos are varied (P4-11 … P4-13, F-16); part of the table of all settings. */
export const AUGMENT_SETTINGS = {
  augment: text<AugmentationName>(isAugmentation, `one of ${Object.keys(AUGMENTATIONS).join(', ')}`, {
    flag: '--augment <how>',
    env: 'AUGMENT',
    fallback: 'default',
    meaning:
      'how photos are varied where the recipe trains on varied photos: default (slightly), none or strong',
  }),
  rotate: strength('rotate', {
    flag: '--rotate <degrees>',
    env: 'AUGMENT_ROTATE',
    meaning: 'turns photos by up to so many degrees, either way',
  }),
  zoomOut: strength('zoomOut', {
    flag: '--zoom-out <share>',
    env: 'AUGMENT_ZOOM_OUT',
    meaning:
      'makes photos smaller by up to this share; those whose subject may be small already stay as they are',
  }),
  zoomIn: strength('zoomIn', {
    flag: '--zoom-in <share>',
    env: 'AUGMENT_ZOOM_IN',
    meaning: 'makes photos larger by up to this share',
  }),
  crop: strength('crop', {
    flag: '--crop <share>',
    env: 'AUGMENT_CROP',
    meaning: 'leaves out up to this share of the edges, so that what is left lies anywhere in the photo',
  }),
  brightness: strength('brightness', {
    flag: '--brightness <share>',
    env: 'AUGMENT_BRIGHTNESS',
    meaning: 'makes photos brighter or darker by up to this share of white; black padding stays black',
  }),
  contrast: strength('contrast', {
    flag: '--contrast <share>',
    env: 'AUGMENT_CONTRAST',
    meaning: 'raises or lowers the contrast by up to this share',
  }),
  saturation: strength('saturation', {
    flag: '--saturation <share>',
    env: 'AUGMENT_SATURATION',
    meaning: 'makes colours stronger or paler by up to this share',
  }),
  noise: strength('noise', {
    flag: '--noise <share>',
    env: 'AUGMENT_NOISE',
    meaning: 'adds grain of up to this share of white',
  }),
  noFlop: text(anyText, 'names of classes or sub-classes, separated by commas', {
    flag: '--no-flop <classes>',
    env: 'NO_FLOP',
    fallback: '',
    meaning:
      'classes or sub-classes, separated by commas, that are not mirrored, beside those the library says so of',
  }),
} as const satisfies Record<string, Option<unknown>>;

type Table = typeof AUGMENT_SETTINGS;
export type AugmentSettings = { readonly [K in keyof Table]: ReturnType<Table[K]['read']> };

/** How photos are varied by the settings; null where they are not at all. */
export function augmentationOf(settings: AugmentSettings): AugmentOptions | null {
  const preset: AugmentOptions = AUGMENTATIONS[settings.augment];
  const own = STRENGTHS.map((name) => {
    const value = settings[name];
    return [name, value === AS_AUGMENT ? preset[name] : value] as const;
  });
  const nothing = !preset.flop && own.every(([, value]) => value === 0);
  return nothing ? null : { ...preset, ...(Object.fromEntries(own) as Omit<AugmentOptions, 'flop'>) };
}
