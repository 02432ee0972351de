import { Html } from './html.ts';

/** The page's whole style; colours are those of the app. */
export const STYLE = new Html(`
:root { color-scheme: light dark;
  --paper: #f8f3ea; --surface: #fffdf8; --sunken: #efe7d8; --line: #ddd2bf; --ink: #1d2a2c; --soft: #55605d;
  --brand: #1c6150; --brand-tint: #dcece3; --accent: #b4501a; --bad: #a32a1f; --bad-tint: #fbe3de; --warn-tint: #fbeccb;
  --quiet: #c9bda8; --heat: 28 97 80; --miss: 180 60 30; --hit-most: .48; --miss-most: .4; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #161a2b; --surface: #1f2438; --sunken: #111524; --line: #363d58; --ink: #f4ecdd; --soft: #b9b8c4;
  --brand: #8fd3b6; --brand-tint: #21403b; --accent: #ffb678; --bad: #ffab9f; --bad-tint: #4a2525; --warn-tint: #42351a;
  --quiet: #4a5274; --heat: 143 211 182; --miss: 255 171 140; --hit-most: .3; --miss-most: .25; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 'Avenir Next', Avenir, 'Nunito Sans', 'Segoe UI Variable', 'Segoe UI', system-ui, sans-serif; }
main { --pad: 1rem; max-width: 76rem; margin: 0 auto; padding: 1.5rem var(--pad) 4rem; }
h1, h2, h3 { font-family: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', Georgia, serif;
  line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.9rem, 1.4rem + 2.4vw, 2.9rem); margin: 0 0 .25rem; }
h2 { font-size: clamp(1.35rem, 1.2rem + 1vw, 1.8rem); margin: 0 0 .75rem; }
h3 { font-size: 1.12rem; margin: 1.5rem 0 .5rem; }
p { max-width: 68ch; overflow-wrap: anywhere; }
small, .note, .kicker, .lead, figcaption, caption, .file, .kind { color: var(--soft); }
code { font-size: .85em; overflow-wrap: anywhere; }
a { color: var(--brand); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; border-radius: .25rem; }
.kicker { margin: 0; font-size: .9rem; letter-spacing: .02em; }
.lead { margin: 0 0 1rem; font-size: 1.1rem; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; margin: 1.25rem 0;
  scroll-margin-top: 3.5rem; }
nav { position: sticky; top: 0; z-index: 2; background: var(--paper); margin: 0 calc(-1 * var(--pad)); padding: .25rem var(--pad); border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: .25rem 1.1rem; overflow-x: auto; list-style: none; margin: 0; padding: .25rem 0; font-size: .92rem; }
nav a { display: block; padding: .35rem 0; white-space: nowrap; text-decoration: none; }
nav a:hover { text-decoration: underline; }
.verdict { border-radius: 1rem; padding: .75rem 1.25rem; margin: 1rem 0; background: var(--warn-tint); }
.verdict.go { background: var(--brand-tint); } .verdict.no-go { background: var(--bad-tint); }
.verdict p { margin: .25rem 0; font-size: 1.1rem; } .verdict strong { font-size: 1.3rem; margin-right: .5rem; }
.verdict ul { margin: .25rem 0 .5rem; padding-left: 1.25rem; }
.tiles-of { margin: 1.25rem 0 .5rem; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0 0 1.25rem; }
.tiles > div { background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; padding: .75rem 1rem; }
.tiles dt { color: var(--soft); font-size: .9rem; } .tiles dd { margin: 0; display: grid; }
.tiles b { font-size: 1.6rem; line-height: 1.25; font-variant-numeric: tabular-nums; } .tiles span { color: var(--soft); font-size: .85rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: .88rem; padding-bottom: .4rem; }
th, td { padding: .35rem .9rem .35rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: middle; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; } tbody th { font-weight: 500; }
.figure { text-align: right; white-space: nowrap; } .words { max-width: 34rem; overflow-wrap: anywhere; min-width: 5.5rem; }
.sentence { font-weight: 400; display: block; min-width: 15rem; }
.outcome { white-space: nowrap; } .outcome.passed { color: var(--brand); } .outcome.failed { color: var(--bad); font-weight: 600; }
.bar { display: flex; width: clamp(5.5rem, 24vw, 22rem); height: 1.15rem; border-radius: .3rem; overflow: hidden; background: var(--sunken); }
.bar.small { width: 8rem; height: .6rem; }
.bar i { display: block; height: 100%; } .bar i + i { border-left: 1px solid var(--surface); }
.happy, .real { background: var(--brand); } .sad, .synthetic { background: var(--accent); } .again, .staged { background: var(--quiet); }
.happy-word { color: var(--brand); background: none; } .sad-word { color: var(--accent); background: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: .25rem 1.5rem; margin: .75rem 0; }
.facts > div { border-bottom: 1px solid var(--line); padding: .3rem 0; }
.facts dt { color: var(--soft); font-size: .85rem; } .facts dd { margin: 0; overflow-wrap: anywhere; }
.questions { margin: .5rem 0; display: grid; gap: .6rem; } .questions dt { font-weight: 600; } .questions dd { margin: 0; max-width: 72ch; overflow-wrap: anywhere; }
details { margin: .75rem 0; border-top: 1px solid var(--line); padding-top: .5rem; }
summary { cursor: pointer; padding: .35rem 0; font-weight: 600; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; align-items: start; }
.charts figure { margin: 0; max-width: 30rem; } figcaption { font-size: .88rem; }
.chart { display: block; width: 100%; height: auto; max-width: 100%; overflow: visible; font-size: 12px; font-family: inherit; }
.chart text { font-size: 12px; }
.key { white-space: nowrap; }
.key::before { content: ''; display: inline-block; width: 1.1em; height: .25em; margin: 0 .35em .2em .5em; border-radius: 1em; background: var(--brand); }
.key-1::before { background: var(--accent); }
.beside { display: grid; gap: 1.25rem; } @media (min-width: 64rem) { .beside { grid-template-columns: minmax(0, 1fr) auto; } }
.heat { width: auto; font-size: .8rem; } .heat td { width: 1.8rem; min-width: 1.8rem; height: 1.8rem; padding: 0; text-align: center; border: 1px solid var(--line); }
.heat thead td { border: 0; } .heat thead th { height: 8rem; padding: 0; border: 0; white-space: nowrap; }
.heat thead th span { display: block; width: 1.8rem; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 7.75rem; overflow: hidden; text-overflow: ellipsis; line-height: 1.8rem; }
.heat tbody th { padding: 0 .5rem 0 0; border: 0; text-align: right; white-space: nowrap; max-width: 10rem; overflow: hidden; text-overflow: ellipsis; }
.heat .hit { background: rgb(var(--heat) / calc(.1 + var(--hit-most) * var(--share))); } .heat .miss { background: rgb(var(--miss) / calc(.15 + var(--miss-most) * var(--share))); font-weight: 600; }
.gallery { list-style: none; margin: .5rem 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .75rem; }
.gallery > li { border: 1px solid var(--line); border-radius: .8rem; padding: .6rem; background: var(--paper); min-width: 0; }
.gallery > li.sad { background: var(--bad-tint); }
.gallery img, .missing { display: block; width: 100%; height: auto; aspect-ratio: 1; border-radius: .5rem; background: #000; }
.missing { display: grid; place-items: center; background: var(--sunken); color: var(--soft); }
.gallery p { margin: .3rem 0; font-size: .9rem; } .gallery .truth { font-weight: 600; } .gallery .kind, .gallery .file { font-size: .8rem; }
.file { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.gallery ol { list-style: none; margin: 0; padding: 0; font-size: .88rem; }
.gallery ol li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .4rem; align-items: baseline; padding: .1rem .35rem; margin-top: 2px; border-radius: .3rem;
  background: linear-gradient(to right, rgb(var(--miss) / .28) calc(100% * var(--share)), rgb(var(--miss) / .06) 0); }
.gallery ol .true { background: linear-gradient(to right, rgb(var(--heat) / .28) calc(100% * var(--share)), rgb(var(--heat) / .06) 0); }
.gallery ol span { overflow-wrap: anywhere; } .gallery ol .true span { font-weight: 600; }
.gallery b { font-variant-numeric: tabular-nums; font-weight: 600; }
.plain { list-style: none; padding: 0; }
@media (max-width: 30rem) { main { --pad: .75rem; } section { padding: 1rem .85rem; } .gallery { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media print { :root { color-scheme: light; } body { background: #fff; font-size: 10pt; } nav { display: none; }
  section { break-inside: auto; border: 0; padding: 0; } .gallery > li, figure, tr, .tiles > div { break-inside: avoid; }
  .scroll { overflow: visible; } details { display: block; } details::details-content { content-visibility: visible; block-size: auto; } }
`);
