import { messageOf } from '../../../components/problem.ts';
import type { Explained, LibraryState, ModelState } from '../../../state/contract.ts';
import { pictureOf } from '../picture.ts';

type Shown =
  | { readonly kind: 'stopped' }
  /** `total` 0 until the first answer. */
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  /** The image's address stays with its map, so that neither is ever shown beside another photo. */
  | { readonly kind: 'done'; readonly url: string; readonly explained: Explained }
  | { readonly kind: 'failed'; readonly message: string };

/** What is asked of whom. */
export interface Question {
  readonly library: Pick<LibraryState, 'image'>;
  readonly model: Pick<ModelState, 'explain'>;
  readonly photo: string;
  /** Id of a class; null: the model's best guess. */
  readonly label: string | null;
}

/** One map at a time: a new question stops the one before, and whatever that one still says is dropped. */
export class ExplainRun {
  #shown = $state.raw<Shown>({ kind: 'stopped' });
  #current: AbortController | null = null;
  /** Of the image that is shown: given back when it is not. */
  #url = '';

  get shown(): Shown {
    return this.#shown;
  }

  start = async (question: Question): Promise<void> => {
    this.stop();
    const mine = new AbortController();
    this.#current = mine;
    this.#shown = { kind: 'running', done: 0, total: 0 };
    try {
      await this.#answer(question, mine);
    } catch (cause) {
      if (this.#current === mine) this.#shown = { kind: 'failed', message: messageOf(cause) };
    }
  };

  stop = (): void => {
    this.#current?.abort();
    this.#current = null;
    URL.revokeObjectURL(this.#url);
    this.#shown = { kind: 'stopped' };
  };

  async #answer({ library, model, photo, label }: Question, mine: AbortController): Promise<void> {
    const url = await library.image(photo);
    let kept = false;
    try {
      const image = await pictureOf(url);
      const progress = (done: number, total: number): void => {
        if (this.#current === mine) this.#shown = { kind: 'running', done, total };
      };
      const explained = await model.explain(image, label, { progress, signal: mine.signal });
      kept = this.#current === mine;
      if (!kept) return;
      this.#url = url;
      this.#shown = { kind: 'done', url, explained };
    } finally {
      if (!kept) URL.revokeObjectURL(url);
    }
  }
}
