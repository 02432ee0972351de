import type { Catalogue } from './i18n.svelte.ts';

/** Texts of the evidence about models, and of what a model looked at. */
export const enModel = {
  percent: '{value} %',

  'heat.strength': 'Strength of the map',
  'explain.title': 'What did the model look at?',
  'explain.class': 'What spoke for',
  'explain.best': 'the model’s best guess',
  'explain.own': '{name}, its label',
  'explain.begin': 'Look again',
  'explain.running': 'Covering one part after another …',
  'explain.failed': 'There is no map: {message}',
  'explain.spot': 'It looked mostly at one spot: {place}.',
  'explain.part': 'It looked mostly at {place}.',
  'explain.spread': 'It looked at the picture as a whole; no single part decided.',
  'explain.edge':
    'Most of that lies at the edge of the picture: perhaps the fence or the background, not the animal.',
  'explain.bars':
    'The black bars beside the picture mattered: it went by the shape of the photo, not only by what is in it.',
  'explain.nothing': 'No single part of the picture mattered much for {name}.',
  'explain.against': 'Something at {place} spoke against {name}.',
  'explain.how':
    'Version {version} judged the photo again and again, each time with another part covered. Where that made it less sure, the photo glows; what did not matter lies in the dark. The map shows where it looked, not why.',
  'explain.place.top.left': 'the upper left',
  'explain.place.top.middle': 'the top',
  'explain.place.top.right': 'the upper right',
  'explain.place.middle.left': 'the left side',
  'explain.place.middle.middle': 'the middle',
  'explain.place.middle.right': 'the right side',
  'explain.place.bottom.left': 'the lower left',
  'explain.place.bottom.middle': 'the bottom',
  'explain.place.bottom.right': 'the lower right',
} as const satisfies Catalogue;
