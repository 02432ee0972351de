import type { Page } from '@playwright/test';

/** What lies in the library's database, read past the app. */
export interface Stored {
  readonly photos: readonly {
    readonly id: string;
    readonly label: { readonly id: string; readonly by: string } | null;
  }[];
  readonly images: readonly string[];
  readonly thumbs: readonly string[];
  readonly rules: readonly { readonly id: string }[];
  readonly splitChecks: readonly { readonly id: string }[];
  readonly journal: readonly {
    readonly act: { readonly kind: string; readonly name: string };
    readonly photos: readonly string[];
    readonly undone: boolean;
  }[];
}

export function readStored(page: Page): Promise<Stored> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, fail) => {
        request.onsuccess = () => {
          done(request.result);
        };
        request.onerror = () => {
          fail(request.error ?? new Error('not read'));
        };
      });
    const db = await settled(indexedDB.open('menagerie-library'));
    const tx = db.transaction(['photos', 'images', 'thumbs', 'mergeRules', 'settings', 'journal']);
    const all = <T>(store: string): Promise<T> => settled(tx.objectStore(store).getAll()) as Promise<T>;
    const keys = (store: string): Promise<string[]> =>
      settled(tx.objectStore(store).getAllKeys()) as Promise<string[]>;
    const [photos, images, thumbs, rules, splitChecks, journal] = await Promise.all([
      all<Stored['photos']>('photos'),
      keys('images'),
      keys('thumbs'),
      all<Stored['rules']>('mergeRules'),
      settled(tx.objectStore('settings').get('splitChecks')) as Promise<Stored['splitChecks'] | undefined>,
      all<Stored['journal']>('journal'),
    ]);
    db.close();
    return { photos, images, thumbs, rules, splitChecks: splitChecks ?? [], journal };
  });
}
