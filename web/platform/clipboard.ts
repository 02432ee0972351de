/** Pictures from the clipboard. */

/** Where people type: a tick or a slider takes no text. */
const TYPED = 'textarea, input:not([type="checkbox"], [type="radio"], [type="range"], [type="file"])';

/**
 * Pictures of a paste; none where text is typed, which is what is pasted there. The browser calls each of them
 * "image.png", so they get names of their own.
 */
export function pastedPictures(event: ClipboardEvent): File[] {
  if (event.target instanceof Element && event.target.closest(TYPED)) return [];
  return Array.from(event.clipboardData?.files ?? [])
    .filter((file) => file.type.startsWith('image/'))
    .map(named);
}

/** Can the clipboard be read without a key being pressed? */
export function canReadClipboard(): boolean {
  // Absent in some browsers and outside secure contexts, whatever the types say.
  const clipboard = navigator.clipboard as Partial<Clipboard> | undefined;
  return clipboard?.read !== undefined;
}

/**
 * Pictures that lie in the clipboard now. Call it in a click's handler.
 * @throws DOMException where the person or the browser refuses
 */
export async function readClipboardPictures(): Promise<File[]> {
  const items = await navigator.clipboard.read();
  const found = items.flatMap((item) => {
    const type = item.types.find((t) => t.startsWith('image/'));
    return type === undefined ? [] : [{ item, type }];
  });
  const blobs = await Promise.all(found.map(({ item, type }) => item.getType(type)));
  return blobs.map((blob, i) => named(new File([blob], '', { type: blob.type }), i));
}

/** @returns false where the browser refuses */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function named(file: File, number: number): File {
  const generic = file.name === '' || /^image\.\w+$/.test(file.name);
  if (!generic) return file;
  const at = new Date().toISOString().replaceAll(':', '-');
  const ending = file.type.replace(/^image\//, '').replace(/\W.*$/, '');
  return new File([file], `pasted-${at}-${String(number + 1)}.${ending}`, { type: file.type });
}
