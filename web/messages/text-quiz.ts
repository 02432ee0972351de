import { enQuiz } from './en-quiz.ts';
import { translator } from './i18n.svelte.ts';

/** Texts of the human benchmark, apart so that guests do not download them. */
export const tq = translator(enQuiz);
