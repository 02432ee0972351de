/** What is said of a photo for learning and comparing. */
export interface Told {
  /** Id of its sub-class; '' without one. */
  readonly label: string;
  /** Perceptual hash, 16 hex digits. */
  readonly hash: string;
  /** Good enough to be shown as an example. */
  readonly fit: boolean;
}

/** Photos by their labels, kept up to date while people label: whoever asks for one label looks at its photos alone. */
export class ToldPhotos {
  readonly #told = new Map<string, Told>();
  readonly #byLabel = new Map<string, Set<string>>();

  /** @param told null for a photo that is gone or kept out */
  tell(photo: string, told: Told | null): void {
    const before = this.#told.get(photo);
    if (before && before.label !== told?.label) this.#byLabel.get(before.label)?.delete(photo);
    if (!told) {
      this.#told.delete(photo);
      return;
    }
    this.#told.set(photo, told);
    const own = this.#byLabel.get(told.label);
    if (own) own.add(photo);
    else this.#byLabel.set(told.label, new Set([photo]));
  }

  get(photo: string): Told | undefined {
    return this.#told.get(photo);
  }

  /** All photos, in the order in which they were told of. */
  all(): Iterable<string> {
    return this.#told.keys();
  }

  /** Photos with a label; '' for those without. */
  of(label: string): Iterable<string> {
    return this.#byLabel.get(label) ?? [];
  }

  /** Photos with any label. */
  *labelled(): Generator<{ readonly photo: string } & Told> {
    for (const [photo, told] of this.#told) if (told.label !== '') yield { photo, ...told };
  }
}
