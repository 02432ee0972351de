/** Canonical images of the photo shown and those around it, so that the next one is painted at once. */
export interface Pictures {
  /** Object URL of an image; loads it where it is not at hand. Rejects in words. */
  readonly url: (id: string) => Promise<string>;
  /** Drops the image at hand where it shows other pixels than the photo has now. @returns whether it did */
  readonly refresh: (id: string, pixels: string) => boolean;
  /** Keeps these and gives the others back. */
  readonly keep: (ids: readonly string[]) => void;
}

/** @param load makes an object URL, which is given back here */
export function createPictures(load: (id: string) => Promise<string>): Pictures {
  const held = new Map<string, Promise<string>>();
  /** Pixels of those that were shown. */
  const known = new Map<string, string>();

  const url = (id: string): Promise<string> => {
    const present = held.get(id);
    if (present) return present;
    const made = load(id).then(decoded);
    held.set(id, made);
    // A failure is not remembered: the photo may come back.
    made.catch(() => held.delete(id));
    return made;
  };

  const drop = (id: string): void => {
    const made = held.get(id);
    held.delete(id);
    known.delete(id);
    made?.then(
      (old) => {
        URL.revokeObjectURL(old);
      },
      () => undefined,
    );
  };

  const refresh = (id: string, pixels: string): boolean => {
    const other = held.has(id) && (known.get(id) ?? pixels) !== pixels;
    if (other) drop(id);
    known.set(id, pixels);
    return other;
  };

  const keep = (ids: readonly string[]): void => {
    for (const id of held.keys()) if (!ids.includes(id)) drop(id);
    for (const id of ids) void url(id).catch(() => undefined);
  };
  return { url, refresh, keep };
}

/** Decoded once beforehand, the browser has the image ready when it is put into the page. */
async function decoded(url: string): Promise<string> {
  const image = new Image();
  image.src = url;
  // Whether it can be decoded is for the element that shows it to say.
  await image.decode().catch(() => undefined);
  return url;
}
