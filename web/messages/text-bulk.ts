import { enBulk } from './en-bulk.ts';
import { translator } from './i18n.svelte.ts';

/** Texts of bulk identification, apart so that guests do not download them. */
export const tb = translator(enBulk);
