import { PAGE_STYLE } from './style.ts';

/**
 * The look of a story: the small pages' type and colours, wider, with a line of time. What a colour says, the words say
 * too. Contrast of text is at least 7:1, of dots and edges 3:1, in light and dark (WCAG 2.2 1.4.6, 1.4.11).
 */
export const STORY_STYLE = `${PAGE_STYLE}
:root { --good: #14603a; --wait: #1c4fa0; --hold: #7a4300; --bad: #991b1b; --plain: #4a525c; --wash: #eef1f5; }
@media (prefers-color-scheme: dark) { :root { --good: #86dba9; --wait: #a9c8ff; --hold: #f5c26b; --bad: #ffaaa5; --plain: #b9c0c9; --wash: #222831; } }
.good { --tone: var(--good); } .wait { --tone: var(--wait); } .hold { --tone: var(--hold); } .bad { --tone: var(--bad); } .plain { --tone: var(--plain); }
body { display: block; padding: clamp(12px, 3vw, 40px); }
main { max-width: 56rem; margin: 0 auto; padding: 0; background: none; border: 0; border-radius: 0; }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
h2 { margin: 0 0 .25rem; font-size: 1.125rem; }
.card { padding: clamp(18px, 4vw, 32px); background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
.card + .card { margin-top: 16px; }
.now { border-top: 6px solid var(--tone); }
.top { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 0 0 1.1rem; }
.badge { display: inline-flex; align-items: center; gap: .5em; padding: .2rem .8rem; border: 2px solid var(--tone); border-radius: 99px; color: var(--tone); font-weight: 700; }
.badge::before { content: ""; width: .6em; height: .6em; border-radius: 50%; background: var(--tone); }
.top .soft { overflow-wrap: anywhere; }
.eyebrow { margin: 0 0 .2rem; color: var(--soft); font-size: .9375rem; font-weight: 600; }
.now h1 { margin: 0; font-size: clamp(1.3rem, 1.1rem + 1.2vw, 1.75rem); text-wrap: pretty; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .9rem 1.5rem; margin: 1.4rem 0 0; padding-top: 1.1rem; border-top: 1px solid var(--line); }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; }
.facts dd { font-weight: 600; }
.utc, .ago { display: block; color: var(--soft); font-size: .8125rem; font-weight: 400; }
.line { list-style: none; margin: 1.4rem 0 0; padding: 0; }
.line li { position: relative; padding: 0 0 1.6rem 1.9rem; }
.line li::before { content: ""; position: absolute; left: .3rem; top: .38rem; width: .85rem; height: .85rem; border: 3px solid var(--tone); border-radius: 50%; background: var(--tone); z-index: 1; }
.line li::after { content: ""; position: absolute; left: .66rem; top: .7rem; bottom: -.4rem; width: 2px; background: var(--line); }
.line li:last-child { padding-bottom: 0; }
.line li:last-child::after { display: none; }
.line .next::before { background: var(--card); }
.line li:has(+ .next)::after { background: none; border-left: 2px dashed var(--line); }
.line time { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: .7rem; font-size: .9375rem; font-weight: 600; }
.line h3 { margin: .1rem 0 .2rem; font-size: 1.0625rem; font-weight: 600; line-height: 1.4; text-wrap: pretty; }
.quiet h3 { font-weight: 400; }
h1 code, h3 code, .rule code { font-size: .84em; font-weight: 500; white-space: nowrap; }
.then { margin: .5rem 0 0; font-size: 1.0625rem; }
.utc-too { color: var(--soft); font-weight: 400; white-space: nowrap; }
.rule { margin: 0; color: var(--soft); font-size: .9375rem; line-height: 1.5; }
details { margin-top: .25rem; }
summary { display: inline-flex; align-items: center; gap: .45rem; min-height: 44px; margin: -.35rem 0 -.35rem -.4rem; padding: 0 .4rem; border-radius: 8px; color: var(--act); font-size: .9375rem; font-weight: 600; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; width: .42em; height: .42em; border-right: 2px solid; border-bottom: 2px solid; transform: rotate(-45deg); }
[open] > summary::before { transform: rotate(45deg); }
.pairs { margin: .35rem 0 0; padding: .2rem .9rem; background: var(--wash); border-radius: 10px; }
.pairs > div { padding: .5rem 0; border-bottom: 1px solid var(--line); }
.pairs > div:last-child { border: 0; }
.pairs dd { overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.closing { margin: 1rem .5rem 0; color: var(--soft); font-size: .875rem; }
@media (min-width: 46rem) {
  .pairs > div { display: grid; grid-template-columns: 11rem 1fr; gap: 1rem; }
  .line li { display: grid; grid-template-columns: 13.75rem 1fr; column-gap: 3.4rem; padding-left: 0; }
  .line li::before { left: 15.05rem; } .line li::after { left: 15.41rem; }
  .line time { padding-top: .1rem; text-align: right; display: block; }
  
}
@media (forced-colors: active) { .badge::before, .line li::before { background: CanvasText; forced-color-adjust: none; } }
@media print { body { background: none; } .card { break-inside: avoid-page; border: 0; } .line li { break-inside: avoid; } }
`;
