import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import '../../styles/app.css';
import type { Camera } from '../../platform/camera.ts';
import { FakeLibrary, FakeModel, photoNamed } from '../testing/fakes.svelte.ts';
import AddDialog from './AddDialog.svelte';
import LibraryFrame from './LibraryFrame.svelte';
import { LibrarySession } from './session.svelte.ts';

beforeEach(async () => {
  await page.viewport(360, 740);
});

function library(): FakeLibrary {
  const fake = new FakeLibrary([photoNamed(1, 'Lion'), photoNamed(2, null)], ['Lion', 'Red Panda']);
  fake.person = 'Ada';
  return fake;
}

const png = (name: string): File => new File(['x'], name, { type: 'image/png' });

function pasteEvent(files: readonly File[]): ClipboardEvent {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  return new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
}

describe('pasting', () => {
  test('anywhere in the library takes pictures in, with a name and their source', async () => {
    const fake = library();
    await render(LibraryFrame, { library: fake, model: new FakeModel(), path: '/library/plan' });
    document.body.dispatchEvent(pasteEvent([png('image.png'), png('lion.png')]));
    await vi.waitFor(() => {
      expect(fake.acts).toHaveLength(1);
    });
    expect(fake.acts).toEqual([
      [
        'import',
        [expect.stringMatching(/^pasted-.*-1\.png$/), 'lion.png'],
        { labelByFolder: false, origin: 'real', source: 'paste' },
      ],
    ]);
  });

  test('text, and pasting into a field, are left alone', async () => {
    const fake = library();
    const screen = await render(LibraryFrame, {
      library: fake,
      model: new FakeModel(),
      path: '/library/plan',
    });
    document.body.dispatchEvent(pasteEvent([new File(['x'], 'notes.txt', { type: 'text/plain' })]));
    const field = screen.getByRole('spinbutton').first();
    await expect.element(field).toBeVisible();
    field.element().dispatchEvent(pasteEvent([png('image.png')]));
    expect(fake.acts).toEqual([]);
  });

  test('by its button; an empty or closed clipboard is said in words', async () => {
    const fake = library();
    const read = vi.spyOn(navigator.clipboard, 'read');
    const onclose = vi.fn();
    const session = new LibrarySession(fake);
    const screen = await render(AddDialog, { library: fake, session, onclose });
    read.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
    await screen.getByRole('button', { name: 'Paste' }).click();
    await expect.element(screen.getByText(/does not let this page read the clipboard/)).toBeVisible();
    read.mockResolvedValueOnce([new ClipboardItem({ 'text/plain': new Blob(['hello']) })]);
    await screen.getByRole('button', { name: 'Paste' }).click();
    await expect.element(screen.getByText(/no picture in the clipboard/)).toBeVisible();
    read.mockResolvedValueOnce([new ClipboardItem({ 'image/png': new Blob(['x'], { type: 'image/png' }) })]);
    await screen.getByRole('radio', { name: /staged/ }).click();
    await screen.getByRole('button', { name: 'Paste' }).click();
    await vi.waitFor(() => {
      expect(onclose).toHaveBeenCalled();
    });
    expect(fake.acts).toEqual([
      [
        'import',
        [expect.stringMatching(/^pasted-/)],
        { labelByFolder: false, origin: 'staged', source: 'paste' },
      ],
    ]);
  });
});

describe('the camera', () => {
  test('takes several shots in a row under one label, and changes to another camera', async () => {
    const fake = library();
    const asked: (string | undefined)[] = [];
    const camera: Camera = {
      stream: new MediaStream(),
      next: 'front',
      shoot: () => Promise.resolve(new Blob(['x'], { type: 'image/jpeg' })),
      stop: () => undefined,
    };
    const open = (_ended: unknown, device?: string): Promise<Camera> => {
      asked.push(device);
      return Promise.resolve(camera);
    };
    const session = new LibrarySession(fake);
    const screen = await render(AddDialog, { library: fake, session, onclose: () => undefined, open });
    await screen.getByRole('button', { name: 'Take photos' }).click();
    await screen.getByRole('combobox', { name: 'Label for these photos' }).fill('Red');
    await userEvent.keyboard('{Enter}');
    await expect.element(screen.getByText('Every photo gets the label “Red Panda”.')).toBeVisible();
    const start = screen.getByRole('button', { name: 'Start the camera' });
    if (start.query()) await start.click();
    await screen.getByRole('button', { name: 'Other camera' }).click();
    expect(asked.at(-1)).toBe('front');
    const shutter = screen.getByRole('button', { name: 'Take the picture' });
    await shutter.click();
    await shutter.click();
    await expect.element(screen.getByText('2 photos taken')).toBeVisible();
    const label = { kind: 'sub-class', id: 'red panda' };
    const wish = { labelByFolder: false, origin: 'real', source: 'camera', label };
    expect(fake.acts).toEqual(
      Array.from({ length: 2 }, () => ['import', [expect.stringMatching(/^camera-/)], wish]),
    );
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  });
});

test('P1-26 keeping the files says what it costs; switching off offers to delete what is kept', async () => {
  const fake = library();
  const session = new LibrarySession(fake);
  const screen = await render(AddDialog, { library: fake, session, onclose: () => undefined });
  await expect.element(screen.getByText(/about 2\.4 MB a photo: 240 MB for 100 more/)).toBeVisible();
  await expect.element(screen.getByText('The files of 2 photos are kept: 4.8 MB.')).toBeVisible();
  const box = screen.getByRole('checkbox', { name: 'Keep the files as they came' });
  await box.click();
  await expect.element(box).toBeChecked();
  await box.click();
  await expect.element(screen.getByText(/This cannot be undone/)).toBeVisible();
  await screen.getByRole('button', { name: 'Delete for good' }).click();
  expect(fake.acts).toEqual([['keep originals', true], ['keep originals', false], ['delete originals']]);
});
