/** Object URLs of thumbnails that were looked at lately. */
export interface Thumbnails {
  /** @throws Error when the photo has none */
  readonly url: (id: string) => Promise<string>;
  /** After an edit: the next one is read anew. */
  readonly forget: (id: string) => void;
}

/** More than fit on any screen; a thumbnail has about 8 kB. */
const KEPT = 2000;

export function createThumbnails(read: (id: string) => Promise<ArrayBuffer | null>): Thumbnails {
  // A Map keeps the order of insertion: the first one was not looked at for longest.
  const urls = new Map<string, Promise<string>>();
  const make = async (id: string): Promise<string> => {
    const bytes = await read(id);
    if (!bytes) throw new Error('This photo is no longer in the library.');
    return URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
  };
  const forget = (id: string): void => {
    const url = urls.get(id);
    urls.delete(id);
    url?.then(
      (made) => {
        URL.revokeObjectURL(made);
      },
      () => undefined,
    );
  };
  return {
    forget,
    url: (id) => {
      const url = urls.get(id) ?? make(id);
      urls.delete(id);
      urls.set(id, url);
      // A failure is not remembered: the photo may come back.
      url.catch(() => urls.delete(id));
      for (const oldest of urls.keys()) {
        if (urls.size <= KEPT) break;
        forget(oldest);
      }
      return url;
    },
  };
}
