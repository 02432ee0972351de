/** What is said of a photo for learning and comparing. */
export interface Told {
  /** Id of its sub-class; '' without one; null for a photo that is kept out: only its hash counts. */
  readonly label: string | null;
  /** Perceptual hash, 16 hex digits. */
  readonly hash: string;
  /** Good enough to be shown as an example. */
  readonly fit: boolean;
}

/** Photos by their labels, kept up to date while people label: whoever asks for one label looks at its photos alone. */
export class ToldPhotos {
  readonly #told = new Map<string, Told>();
  readonly #byLabel = new Map<string, Set<string>>();

  /** @param told null for a photo that is gone */
  tell(photo: string, told: Told | null): void {
    const before = this.#told.get(photo)?.label ?? null;
    const label = told?.label ?? null;
    if (told) this.#told.set(photo, told);
    else this.#told.delete(photo);
    if (before === label) return;
    if (before !== null) this.#byLabel.get(before)?.delete(photo);
    if (label === null) return;
    const own = this.#byLabel.get(label);
    if (own) own.add(photo);
    else this.#byLabel.set(label, new Set([photo]));
  }

  get(photo: string): Told | undefined {
    return this.#told.get(photo);
  }

  /** All photos but those that are kept out. */
  *all(): Generator<string> {
    for (const photos of this.#byLabel.values()) yield* photos;
  }

  /** Photos with a label; '' for those without. */
  of(label: string): Iterable<string> {
    return this.#byLabel.get(label) ?? [];
  }

  /** Photos with any label. */
  *labelled(): Generator<{ readonly photo: string; readonly label: string; readonly hash: string }> {
    for (const [label, photos] of this.#byLabel) {
      if (label === '') continue;
      for (const photo of photos) yield { photo, label, hash: this.#told.get(photo)?.hash ?? '' };
    }
  }
}
