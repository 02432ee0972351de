import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';

import { NO_EDITS, type Edits, type Photo } from '#shared/schema/photo.ts';

import '../../../styles/app.css';
import type { EditSource } from '../../../state/contract.ts';
import { photoNamed, pictureUrl } from '../../testing/fakes.svelte.ts';
import EditDialog from './EditDialog.svelte';

const ORIGINAL: EditSource = {
  kind: 'original',
  made: NO_EDITS,
  url: pictureUrl('#c96'),
  width: 4000,
  height: 3000,
  scale: 1,
};

beforeEach(async () => {
  await page.viewport(1280, 800);
});

async function open(photo: Photo, source: Partial<EditSource> = {}) {
  const saved: Edits[] = [];
  const library = { editSource: () => Promise.resolve({ ...ORIGINAL, ...source }) };
  const screen = await render(EditDialog, {
    photo,
    library,
    onsave: (edits: Edits) => void saved.push(edits),
    onclose: () => void saved.push(NO_EDITS),
  });
  const subject = screen.getByRole('application', { name: 'Box around the subject' });
  return { screen, saved, subject, save: screen.getByRole('button', { name: 'Save' }) };
}

describe('by keyboard', () => {
  test('P1-25 P1-26 the subject is marked with arrow keys, the frame follows and gives it 85 %', async () => {
    const { screen, saved, subject, save } = await open(photoNamed(1, 'Lion'));
    await expect.element(subject).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowDown}');
    await expect.element(screen.getByText(/The subject fills 85 % of the frame\./)).toBeVisible();
    await expect.element(screen.getByText(/Training can zoom in by \d+ %/)).toBeVisible();
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    await expect
      .element(subject)
      .toHaveTextContent('22 % from the left, 21 % from the top, 59 % wide, 60 % high');
    await save.click();
    const { turn, crop } = saved[0]!;
    expect(turn).toBe(0);
    // The same margin in pixels on every side of the subject.
    expect((0.22 - crop!.x) * 4000).toBeCloseTo((0.21 - crop!.y) * 3000, -0.5);
    expect((0.59 * 0.6) / (crop!.width * crop!.height)).toBeCloseTo(0.85, 3);
  });

  test('P1-28 a frame in which the subject takes less than half is warned of, and framed in one press', async () => {
    const { screen, subject } = await open(photoNamed(1, 'Lion'));
    await expect.element(subject).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    await screen.getByRole('button', { name: 'Crop by hand' }).click();
    await screen.getByRole('button', { name: 'Whole picture' }).click();
    await expect.element(screen.getByText(/fills only 36 % of the frame\. Below half/)).toBeVisible();
    await screen.getByRole('button', { name: 'Frame it for me' }).click();
    await expect.element(screen.getByText(/The subject fills 85 %/)).toBeVisible();
  });

  test('P4-15 quarter turns go both ways, and take the frame along', async () => {
    const photo = {
      ...photoNamed(1, 'Lion'),
      edits: { turn: 0, crop: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 } },
    };
    const { screen, saved, save } = await open(photo as Photo);
    await screen.getByRole('button', { name: 'Turn right' }).click();
    await save.click();
    expect(saved).toEqual([{ turn: 90, crop: { x: 0.4, y: 0.1, width: 0.4, height: 0.3 } }]);
    await screen.getByRole('button', { name: 'Turn left' }).click();
    await save.click();
    expect(saved[1]).toEqual(NO_EDITS);
    await screen.getByRole('button', { name: 'Turn left' }).click();
    await save.click();
    expect(saved[2]).toEqual({ turn: 270, crop: { x: 0.2, y: 0.6, width: 0.4, height: 0.3 } });
    await screen.getByRole('button', { name: 'As it came' }).click();
    await save.click();
    expect(saved[3]).toEqual(NO_EDITS);
  });

  test('by numbers too', async () => {
    const { screen, saved, save } = await open(photoNamed(1, 'Lion'));
    await screen.getByRole('button', { name: 'Crop by hand' }).click();
    await screen.getByText('By numbers, in percent').click();
    for (const [name, value] of [
      ['Wide', '50'],
      ['High', '40'],
      ['From the left', '25'],
    ] as const) {
      await screen.getByRole('spinbutton', { name }).fill(value);
      await userEvent.keyboard('{Tab}');
    }
    await expect
      .element(screen.getByText('The crop is 25 % from the left, 0 % from the top, 50 % wide'))
      .toBeVisible();
    await save.click();
    expect(saved).toEqual([{ turn: 0, crop: { x: 0.25, y: 0, width: 0.5, height: 0.4 } }]);
  });
});

describe('without the original', () => {
  test('the loss of sharpness is said, and how few pixels are left', async () => {
    const { screen, subject } = await open(photoNamed(1, 'Lion'), { kind: 'canonical', scale: 299 / 4000 });
    await expect.element(subject).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(screen.getByText(/not kept here/)).toBeVisible();
    await expect.element(screen.getByText(/Only 1\d\d pixels are left/)).toBeVisible();
  });

  test('a crop whose picture is all there is can be cropped further, never set back', async () => {
    const made: Edits = { turn: 0, crop: { x: 0.5, y: 0, width: 0.5, height: 1 } };
    const photo = { ...photoNamed(1, 'Lion'), edits: made };
    const source = { kind: 'canonical', made, width: 2000, height: 3000, scale: 0.1 } as const;
    const { screen, saved, save } = await open(photo, source);
    await expect.element(screen.getByText(/only what is left can be cropped/)).toBeVisible();
    const frame = screen.getByRole('application', { name: 'Frame of the crop' });
    await expect.element(frame).toHaveTextContent('0 % from the left, 0 % from the top, 100 % wide');
    for (let i = 0; i < 10; i++) await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    await expect.element(screen.getByRole('button', { name: 'As it came' })).not.toBeInTheDocument();
    await save.click();
    expect(saved[0]!.crop).toEqual({ x: 0.5, y: 0, width: 0.45, height: 1 });
  });
});

test('by thumb at 360 px: the box is drawn and dragged by its corners, and nothing overflows', async () => {
  await page.viewport(360, 740);
  const { screen, saved, subject, save } = await open(photoNamed(1, 'Lion'));
  await expect.element(subject).toBeVisible();
  const stage = subject.element().parentElement!;
  const rect = stage.getBoundingClientRect();
  const touch = (type: string, target: Element, x: number, y: number): void => {
    const [clientX, clientY] = [rect.left + x * rect.width, rect.top + y * rect.height];
    const pointer = { pointerId: 1, pointerType: 'touch', bubbles: true, clientX, clientY, isPrimary: true };
    target.dispatchEvent(new PointerEvent(type, pointer));
  };
  stage.setPointerCapture = () => undefined;
  touch('pointerdown', stage, 0.05, 0.1);
  touch('pointermove', stage, 0.4, 0.5);
  touch('pointerup', stage, 0.4, 0.5);
  await expect
    .element(subject)
    .toHaveTextContent('5 % from the left, 10 % from the top, 35 % wide, 40 % high');
  const corner = subject.element().querySelector('[data-corner="se"]')!;
  touch('pointerdown', corner, 0.4, 0.5);
  touch('pointermove', stage, 0.6, 0.7);
  touch('pointerup', stage, 0.6, 0.7);
  touch('pointermove', stage, 0.9, 0.9);
  await expect
    .element(subject)
    .toHaveTextContent('5 % from the left, 10 % from the top, 55 % wide, 60 % high');
  for (const element of screen.container.ownerDocument.querySelectorAll<HTMLElement>(
    'dialog button, .handle',
  )) {
    const { width, height } = element.getBoundingClientRect();
    expect(Math.min(width, height), element.textContent).toBeGreaterThanOrEqual(44);
  }
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  await save.click();
  expect(saved[0]!.crop!.width).toBeGreaterThan(0.55);
});

test('a photo that is gone is said in words', async () => {
  const library = { editSource: () => Promise.reject(new Error('This photo is no longer in the library.')) };
  const nothing = (): void => undefined;
  const screen = await render(EditDialog, {
    photo: photoNamed(1, null),
    library,
    onsave: nothing,
    onclose: nothing,
  });
  await expect.element(screen.getByText(/no longer in the library/)).toBeVisible();
});
