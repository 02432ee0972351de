import type { Page } from '@playwright/test';

/** What the page tells of an identification (`menagerie:identified`, docs/formats.md), with the picture it looked at. */
export interface Seen {
  readonly top: string;
  readonly score: number;
  readonly answered: boolean;
  readonly scores: readonly number[];
  /** The canonical image as PNG. */
  readonly canonical: Uint8Array;
}

interface Told {
  readonly top: readonly { readonly label: { readonly id: string }; readonly score: number }[];
  readonly answered: boolean;
  readonly scores: readonly number[];
  readonly imageUrl: string;
}

/** Chooses a photo as a guest would and waits for the outcome on the screen. */
export async function identify(page: Page, file: string): Promise<Seen> {
  const told = page.evaluate(
    () =>
      new Promise<Told & { png: string }>((done) => {
        const listen = (event: Event): void => {
          const detail = (event as CustomEvent<Told>).detail;
          // Through a canvas: the page's own policy forbids fetching blob addresses. Opaque pixels survive unchanged.
          const picture = new Image();
          picture.onload = () => {
            const canvas = document.createElement('canvas');
            canvas.width = picture.width;
            canvas.height = picture.height;
            canvas.getContext('2d')?.drawImage(picture, 0, 0);
            done({ ...detail, png: canvas.toDataURL('image/png').replace(/^[^,]*,/, '') });
          };
          picture.src = detail.imageUrl;
        };
        document.addEventListener('menagerie:identified', listen, { once: true });
      }),
  );
  await page.getByLabel('Choose a photo').first().setInputFiles(file);
  const { top, answered, scores, png } = await told;
  await page.getByRole('button', { name: 'Take another picture' }).waitFor();
  const best = top[0];
  if (!best) throw new Error(`nothing was said of ${file}`);
  return { top: best.label.id, score: best.score, answered, scores, canonical: Buffer.from(png, 'base64') };
}
