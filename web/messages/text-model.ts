import { enModel } from './en-model.ts';
import { translator } from './i18n.svelte.ts';

/** Texts of the evidence about models, apart so that guests do not download them. */
export const tm = translator(enModel);
