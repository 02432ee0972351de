import { editedShape } from '#shared/image/edits.ts';
import {
  framingOf,
  proposeFrame,
  shareOf,
  WHOLE,
  zoomRoom,
  type Box,
  type Framing,
} from '#shared/image/framing.ts';
import { absoluteEdits, addTurns, cropOf, relativeEdits, turnBox } from '#shared/image/relative-edits.ts';
import { NO_EDITS, type Edits, type Photo } from '#shared/schema/photo.ts';

import type { EditSource } from '../../../state/contract.ts';

/** What the hand is on: the subject, around which the frame follows, or the frame itself. */
export type Hold = 'subject' | 'frame';

/** What is said of the subject in its frame. */
export interface Verdict {
  readonly framing: Framing;
  /** Share of the frame, 0 … 1. */
  readonly share: number;
  /** By which share training may zoom in before it cuts into the subject. */
  readonly room: number;
}

/** Where somebody begins who has not marked the subject yet. */
const FIRST: Box = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };

/** Edits in the making, seen on the picture at hand. */
export class Draft {
  readonly source: EditSource;
  hold = $state<Hold>('subject');
  #turn = $state<Edits['turn']>(0);
  #frame = $state.raw<Box>(WHOLE);
  #subject = $state.raw<Box | null>(null);

  constructor(photo: Pick<Photo, 'edits'>, source: EditSource) {
    this.source = source;
    this.#become(photo.edits);
    if (photo.edits.crop !== null) this.hold = 'frame';
  }

  /** Turn of the picture at hand. */
  get turn(): Edits['turn'] {
    return this.#turn;
  }

  /** The turned picture's size in pixels of the original. */
  get shape(): { readonly width: number; readonly height: number } {
    const { width, height } = this.source;
    return editedShape({ width, height, edits: { ...NO_EDITS, turn: this.#turn } });
  }

  get frame(): Box {
    return this.#frame;
  }

  /** Null until it was marked. */
  get subject(): Box | null {
    return this.#subject;
  }

  /** The box that hands and keys move. */
  get held(): Box {
    return this.hold === 'frame' ? this.#frame : (this.#subject ?? FIRST);
  }

  set held(box: Box) {
    if (this.hold === 'frame') this.#frame = box;
    else {
      this.#subject = box;
      this.#frame = proposeFrame(box, this.shape);
    }
  }

  get verdict(): Verdict | null {
    const subject = this.#subject;
    if (subject === null) return null;
    const frame = this.#frame;
    return {
      framing: framingOf(subject, frame),
      share: shareOf(subject, frame),
      room: zoomRoom(subject, frame, this.shape),
    };
  }

  /** What would be kept. */
  get edits(): Edits {
    return absoluteEdits({ turn: this.#turn, crop: cropOf(this.#frame) }, this.source.made);
  }

  /** Pixels along the longer side of the frame, as far as the picture at hand has them. */
  get pixels(): number {
    const { width, height } = this.shape;
    const longest = Math.max(this.#frame.width * width, this.#frame.height * height);
    return Math.round(longest * this.source.scale);
  }

  turnBy(turn: 90 | -90): void {
    const quarter = turn === 90 ? 90 : 270;
    this.#turn = addTurns(this.#turn, quarter);
    this.#frame = turnBox(this.#frame, quarter);
    this.#subject = this.#subject && turnBox(this.#subject, quarter);
  }

  /** The frame around the whole picture at hand. */
  whole(): void {
    this.#frame = WHOLE;
    this.hold = 'frame';
  }

  /** The frame around the marked subject again, after it was changed by hand. */
  frameSubject(): void {
    if (this.#subject) this.#frame = proposeFrame(this.#subject, this.shape);
  }

  /** As it came: neither turned nor cropped, as far as the picture at hand reaches. */
  reset(): void {
    this.#become(NO_EDITS);
    this.#subject = null;
  }

  #become(edits: Edits): void {
    const { turn, crop } = relativeEdits(edits, this.source.made);
    this.#turn = turn;
    this.#frame = crop ?? WHOLE;
  }
}
