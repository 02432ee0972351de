import { en } from './en.ts';
import { translator } from './i18n.svelte.ts';

/** Texts of the shell and of everything a guest sees. */
export const t = translator(en);
