import { messageOf } from '../../components/problem.ts';
import { sha256 } from '../../platform/hash.ts';
import type { IdentifyResult, ModelState } from '../../state/contract.ts';
import { tell } from './tell.ts';

/** Where one identification stands. `pictureUrl` shows the picture as it was taken. */
export type SessionView =
  | { readonly kind: 'viewfinder' }
  | { readonly kind: 'looking'; readonly pictureUrl: string }
  | { readonly kind: 'result'; readonly result: IdentifyResult }
  | { readonly kind: 'problem'; readonly message: string };

/** One guest's way from picture to answer. Only the newest picture may get an answer. */
export class IdentifySession {
  #view = $state.raw<SessionView>({ kind: 'viewfinder' });
  readonly #model: ModelState;
  /** The picture that is being looked at; an answer for any other one is dropped. */
  #current: Blob | null = null;

  constructor(model: ModelState) {
    this.#model = model;
  }

  get view(): SessionView {
    return this.#view;
  }

  /** Looks at a picture; never rejects: what goes wrong becomes the view. */
  async look(picture: Blob): Promise<void> {
    this.#current = picture;
    this.#show({ kind: 'looking', pictureUrl: URL.createObjectURL(picture) });
    try {
      const [photo, result] = await Promise.all([hashOf(picture), this.#model.identify(picture)]);
      if (this.#current !== picture || result.photo !== photo) URL.revokeObjectURL(result.imageUrl);
      else this.#answer(result);
    } catch (error) {
      if (this.#current === picture) this.#show({ kind: 'problem', message: messageOf(error) });
    }
  }

  /** Back to the viewfinder; an answer still under way is dropped. */
  reset(): void {
    this.#current = null;
    this.#show({ kind: 'viewfinder' });
  }

  #answer(result: IdentifyResult): void {
    this.#show({ kind: 'result', result });
    tell(result);
  }

  #show(view: SessionView): void {
    if (this.#view.kind === 'looking') URL.revokeObjectURL(this.#view.pictureUrl);
    if (this.#view.kind === 'result') URL.revokeObjectURL(this.#view.result.imageUrl);
    this.#view = view;
  }
}

async function hashOf(picture: Blob): Promise<string> {
  return sha256(await picture.arrayBuffer());
}
