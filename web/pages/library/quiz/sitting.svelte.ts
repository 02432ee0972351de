import type { LabelId, PhotoId } from '#shared/schema/names.ts';

import type { Quiz } from '../../../state/contract.ts';
import type { RoomProps } from '../rooms.ts';
import type { Classes } from './classes.ts';
import { ended, leftOf, withAnswer, without } from './record.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';

type Props = Pick<RoomProps, 'library' | 'session'>;

/** A sitting under way: one photo after the other, forward only. */
export class Sitting {
  readonly #props: Props;
  readonly #classes: () => Classes;
  readonly #watch: Stopwatch;
  #quiz: Quiz = $state.raw() as Quiz;
  #paused = $state(false);
  /** The photo whose picture is on the screen, as its time runs; null for none. */
  #painted = $state<string | null>(null);
  readonly #left = $derived.by(() => leftOf(this.#quiz, this.#props.library, this.#classes()));

  /** @param now milliseconds of a clock that never goes back */
  constructor(props: Props, classes: () => Classes, quiz: Quiz, now: () => number) {
    this.#props = props;
    this.#classes = classes;
    this.#quiz = quiz;
    this.#watch = createStopwatch(now);
  }

  get quiz(): Quiz {
    return this.#quiz;
  }
  /** The photo that is asked; null at the end. */
  get current(): PhotoId | null {
    return this.#left[0]?.photo ?? null;
  }
  /** The photo that is asked and the next two, to have at hand. */
  get near(): readonly string[] {
    return this.#left.slice(0, 3).map(({ photo }) => photo);
  }
  /** Number of the photo that is asked, from 1, and of all. */
  get place(): { readonly at: number; readonly total: number } {
    const done = this.#quiz.answers.length;
    return { at: done + 1, total: done + this.#left.length };
  }
  /** Its picture is on the screen, and time counts. */
  get ready(): boolean {
    return this.#painted !== null;
  }
  get paused(): boolean {
    return this.#paused;
  }

  /** The picture has appeared on the screen: from now on time counts. */
  painted = (photo: string): void => {
    if (photo !== this.current || this.#paused) return;
    this.#painted = photo;
    this.#watch.run();
  };

  pause = (): void => {
    this.#watch.halt();
    this.#painted = null;
    this.#paused = true;
  };

  /** Time goes on when the picture is painted again. */
  goOn = (): void => {
    this.#paused = false;
  };

  /** @param answer null for "I don't know". Nothing happens while there is no picture to answer to */
  answer = (answer: LabelId | null): void => {
    const question = this.#left[0];
    if (question === undefined || this.#painted !== question.photo) return;
    this.#keep(withAnswer(this.#quiz, { ...question, answer, ms: this.#watch.ms() }));
  };

  /** Goes on without the photo that is asked: its picture cannot be shown. */
  leaveOut = (): void => {
    if (this.current !== null) this.#keep(without(this.#quiz, this.current));
  };

  #keep(quiz: Quiz): void {
    this.#watch.reset();
    this.#painted = null;
    this.#quiz = quiz;
    if (this.current === null) this.#quiz = ended(quiz);
    const kept = this.#quiz;
    void this.#props.session.act(() => this.#props.library.keepQuiz(kept));
  }
}
