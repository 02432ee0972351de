import { enCheck } from './en-check.ts';
import { translator } from './i18n.svelte.ts';

/** Texts of the double-check, apart so that other rooms do not download them. */
export const tc = translator(enCheck);
