/** Options of the augmentation as the trainer takes them: named settings, flags of its command, a config file. */
import {
  type AugmentationName,
  AUGMENTATIONS,
  type AugmentOptions,
  type Strength,
  STRENGTHS,
} from '../schema/augment.ts';

/** The trainer's settings by name: a named set, and the strengths that differ from it. */
export type AugmentChoice = { readonly augment: AugmentationName } & Partial<Record<Strength, number>>;

/** The named set that is nearest to the options, and what differs. Only a named set says whether photos are mirrored. */
export function choiceOf(options: AugmentOptions): AugmentChoice {
  const names = (Object.keys(AUGMENTATIONS) as AugmentationName[]).filter(
    (name) => AUGMENTATIONS[name].flop === options.flop,
  );
  const choices = names.map((name): AugmentChoice => ({ augment: name, ...differing(options, name) }));
  const size = (choice: AugmentChoice): number => Object.keys(choice).length;
  return choices.reduce((best, next) => (size(next) < size(best) ? next : best));
}

function differing(options: AugmentOptions, name: AugmentationName): Partial<Record<Strength, number>> {
  const preset: AugmentOptions = AUGMENTATIONS[name];
  const own = STRENGTHS.filter((strength) => options[strength] !== preset[strength]);
  return Object.fromEntries(own.map((strength) => [strength, options[strength]]));
}

/** The same as flags of `menagerie run` and `menagerie preview`. */
export function flagsOf(options: AugmentOptions): string {
  return Object.entries(choiceOf(options))
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${String(value)}`)
    .join(' ');
}

/** The named set that the options are, or null for strengths of their own. */
export function presetOf(options: AugmentOptions): AugmentationName | null {
  const choice = choiceOf(options);
  return Object.keys(choice).length === 1 ? choice.augment : null;
}
