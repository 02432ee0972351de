/** Addresses of small pictures of files outside the library: the last ones shown are kept, older ones given back. */

/** Far more than are in sight at once. */
const MOST = 600;

export interface Thumbs {
  /** Rejects where there is no picture. */
  readonly url: (key: string) => Promise<string>;
  /** Gives all of them back. */
  readonly end: () => void;
}

/** @param load makes an object URL, null where there is no picture */
export function createThumbs(load: (key: string) => Promise<string | null>, most = MOST): Thumbs {
  const kept = new Map<string, Promise<string | null>>();
  const giveBack = (made: Promise<string | null>): void => {
    void made.then(
      (url) => {
        if (url !== null) URL.revokeObjectURL(url);
      },
      () => undefined,
    );
  };
  return {
    url: async (key) => {
      const made = kept.get(key) ?? load(key);
      kept.delete(key);
      kept.set(key, made);
      const [oldest] = kept;
      if (kept.size > most && oldest) {
        kept.delete(oldest[0]);
        giveBack(oldest[1]);
      }
      const url = await made;
      if (url === null) throw new Error('There is no picture of this file.');
      return url;
    },
    end: () => {
      for (const made of kept.values()) giveBack(made);
      kept.clear();
    },
  };
}
