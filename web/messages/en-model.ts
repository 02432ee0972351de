import type { Catalogue } from './i18n.svelte.ts';

/** Texts of the evidence about models, and of what a model looked at. */
export const enModel = {
  percent: '{value} %',
} as const satisfies Catalogue;
