import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import { Html } from './html.ts';

/** Drawn narrow, so that a phone shows the letters nearly at their size. */
const SIZE = { width: 400, height: 250, marginLeft: 52, marginRight: 16, marginTop: 24, marginBottom: 40 };

/**
 * Draws a chart as SVG inside the page, in the page's colours (`var(--…)`), so that it works in light and dark.
 * @param alternative what the chart says, in words, for those who don't see it
 */
export function chart(alternative: string, options: PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ ...SIZE, document, ...options });
  // The page has one style for all charts; inner labels would be read aloud as noise beside the alternative.
  svg.querySelector('style')?.remove();
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', alternative);
  svg.setAttribute('class', 'chart');
  return new Html(svg.outerHTML);
}
