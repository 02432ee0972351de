import { confidence } from '#shared/schema/names.ts';
import type { NotedPicture, SetMetrics } from '#shared/schema/metrics.ts';

import { count } from '../words.ts';
import { namesOf, type ReportData, type ReportPhoto, titleOf, witnessOf } from './data.ts';
import { html, type Html, name } from './html.ts';
import { folded } from './table.ts';

const KINDS: Readonly<Record<NotedPicture['kind'], string>> = {
  sad: 'answered, and wrong',
  wrong: 'wrong, but not answered',
  unsure: 'right, but not sure enough',
};

/** Shown without being asked for: two rows on a wide screen. */
const AT_ONCE = 12;

/**
 * The pictures themselves (P5-34, P5-48): what was answered wrongly first, the surest first. Of pictures out of scope it
 * says what was picked for them (P3-27).
 */
export function picturesSection(data: ReportData): Html {
  const sets = data.metrics.sets.filter((set) => set.pictures.length > 0);
  const witness = witnessOf(data.metrics)?.name;
  const isOpen = (set: SetMetrics): boolean => set.name === witness || set.benchmark !== null;
  return html`<section id="pictures">
    <h2>Pictures that were wrong or unsure</h2>
    <p>
      Figures say how many; the pictures say why. In each set the surest mistakes come first: what guests
      would have been told wrongly, then wrong guesses that were held back, then right ones that were not sure
      enough.
    </p>
    ${sets.length === 0 ? html`<p>No picture was wrong or unsure.</p>` : null}
    ${sets.map((set) => {
      const heading = html`${name(titleOf(data, set.name))}: ${tally(set)}`;
      const pictures = gallery(data, set);
      return isOpen(set)
        ? html`<h3>${heading}</h3>
            ${pictures}`
        : folded(heading, pictures);
    })}
  </section> `;
}

/** How many there are in all, of which only the worst are shown. */
function tally({ threshold, summary, pictures }: SetMetrics): string {
  const sad = Math.round((threshold.falsePositive ?? 0) * summary.images);
  const below = Math.round((threshold.below ?? 0) * summary.images);
  const shown = pictures.length < sad + below ? `, the worst ${pictures.length} shown` : '';
  return `${count(sad, 'answer')} wrong, ${count(below, 'photo')} not answered${shown}`;
}

function gallery(data: ReportData, set: SetMetrics): Html {
  const nameOf = namesOf(data.metrics);
  const list = (pictures: readonly NotedPicture[]): Html =>
    html`<ul class="gallery">
      ${pictures.map((picture) => figure(data, picture, nameOf))}
    </ul>`;
  const rest = set.pictures.slice(AT_ONCE);
  return html`${list(set.pictures.slice(0, AT_ONCE))}${rest.length > 0 ? folded(`${rest.length} more`, list(rest)) : null}`;
}

function figure(data: ReportData, picture: NotedPicture, nameOf: (id: string) => string): Html {
  const photo = data.photos.get(picture.photo);
  const truth = picture.truth === null ? null : nameOf(picture.truth);
  const best = picture.top[0];
  const alternative = `${truth ?? photo?.label ?? 'Out of scope'}, best guess ${best ? nameOf(best.label) : 'none'}`;
  return html`<li class="${picture.kind}">
    ${
      photo?.thumbnail
        ? html`<img src="${photo.thumbnail}" alt="${alternative}" width="160" height="160" loading="lazy" />`
        : html`<span class="missing">no picture</span>`
    }
    <p class="truth">${truth === null ? outside(photo) : html`It is: ${name(truth)}`}</p>
    <ol>
      ${picture.top.map(
        ({ label, score }) =>
          html`<li class="${label === picture.truth ? 'true' : 'other'}" style="--share:${score.toFixed(3)}">
            <span>${name(nameOf(label))}</span> <b>${confidence(score).toFixed(1)}</b>
          </li>`,
      )}
    </ol>
    <p class="kind">${KINDS[picture.kind]}</p>
    <p class="file">${name(photo?.fileName ?? picture.photo.slice(0, 12))}</p>
  </li> `;
}

/** What a picture shows that the model has no class for, where somebody said so. */
function outside(photo: ReportPhoto | undefined): Html {
  return photo?.label ? html`Not in the model: ${name(photo.label)}` : html`Out of scope`;
}
