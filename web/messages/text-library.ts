import { enLibrary } from './en-library.ts';
import { translator } from './i18n.svelte.ts';

/** Texts of the keeper's library, apart so that guests do not download them. */
export const tl = translator(enLibrary);
