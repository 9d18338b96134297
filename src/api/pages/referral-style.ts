import { PAGE_STYLE } from './style.ts';

/** The look of the referral page: the small pages' own, as cards side by side where there is room. What a colour says, the words say too. */
export const REFERRAL_STYLE = `${PAGE_STYLE}
:root { --edge: #6b7480; --wash: #eef1f5; --good: #14603a; --hold: #7a4300; --bad: #991b1b; --bar: #1c4fa0; }
@media (prefers-color-scheme: dark) { :root { --edge: #8a95a3; --wash: #222831; --good: #86dba9; --hold: #f5c26b; --bad: #ffaaa5; --bar: #a9c8ff; } }
body { display: block; padding: clamp(12px, 3vw, 40px) clamp(12px, 3vw, 32px); }
main { max-width: 64rem; margin: 0 auto; padding: 0; background: none; border: 0; border-radius: 0; }
header { padding: 0 4px; }
h1 { margin: 0 0 .35rem; }
h2 { margin: 0 0 .9rem; font-size: 1.1875rem; line-height: 1.3; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
.lead { margin: 0; color: var(--soft); }
.cols { display: grid; gap: 16px; margin-top: 20px; grid-template-columns: minmax(0, 1fr); }
.col { display: grid; gap: 16px; align-content: start; min-width: 0; }
.card { padding: clamp(18px, 3vw, 28px); background: var(--card); border: 1px solid var(--line); border-radius: 16px; min-width: 0; }
.card > :last-child { margin-bottom: 0; }
.mine { display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr); margin-top: 1.1rem; }
label, .label { display: block; margin-bottom: .3rem; font-weight: 600; }
input { width: 100%; min-height: 48px; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--card); color: var(--ink); font: inherit; text-overflow: ellipsis; }
.with { display: flex; gap: 8px; flex-wrap: wrap; }
.with input { flex: 1 1 20rem; min-width: 0; font-size: 1rem; }
.with button { flex: 1 0 auto; }
.code { flex: 1 1 14rem; min-height: 48px; margin: 0; padding: .55rem .75rem; border-radius: 10px; background: var(--wash); font: 600 1.125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .04em; }
.hint { margin: .35rem 0 0; color: var(--soft); font-size: .9375rem; }
figure { margin: 0; text-align: center; }
.qr { display: block; width: min(100%, 12rem); margin: 0 auto; border-radius: 12px; border: 1px solid var(--line); }
figcaption { margin-top: .4rem; color: var(--soft); font-size: .9375rem; }
.ways { display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); margin: 0; padding: 0; list-style: none; }
.ways > li { display: grid; }
.ways > li:has([hidden]) { display: none; }
.ways > li:has(.first) { grid-column: 1 / -1; }
.ways a, .ways button, .plain { display: flex; align-items: center; justify-content: center; width: 100%; min-height: 48px; padding: .5rem; border: 1px solid var(--edge); border-radius: 10px; background: none; color: var(--act);
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; }
.ways a:hover, .ways button:hover, .plain:hover { background: var(--wash); filter: none; }
.ways .first { border-color: transparent; background: var(--act); color: var(--on-act); }
.ways .first:hover { background: var(--act); filter: brightness(1.08); }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.numbers { display: grid; gap: 8px; grid-template-columns: 1fr 1fr; margin: 0; }
.numbers > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .7rem .85rem; border-radius: 12px; background: var(--wash); }
.numbers dt { color: var(--soft); font-size: .9375rem; line-height: 1.35; }
.numbers dd { margin: 0; font-size: 1.75rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.sums dd { font-size: 1.25rem; }
.sums { margin-bottom: 1rem; }
.list { margin: 0; padding: 0; list-style: none; }
.list > li { padding: .8rem 0; border-top: 1px solid var(--line); }
.list > li:last-child { padding-bottom: 0; }
.row { display: flex; gap: .25rem .75rem; flex-wrap: wrap; align-items: baseline; justify-content: space-between; }
.amount { font-size: 1.125rem; font-weight: 700; }
.state { color: var(--tone); font-weight: 600; }
.list p { margin: .15rem 0 0; }
.good { --tone: var(--good); } .hold { --tone: var(--hold); } .bad { --tone: var(--bad); } .done { --tone: var(--soft); }
progress { display: block; width: 100%; height: 12px; margin: .5rem 0 0; border: 0; border-radius: 6px; overflow: hidden; background: var(--wash); accent-color: var(--bar); appearance: none; }
progress::-webkit-progress-bar { background: var(--wash); border-radius: 6px; }
progress::-webkit-progress-value { background: var(--bar); border-radius: 6px; }
progress::-moz-progress-bar { background: var(--bar); border-radius: 6px; }
.note { margin: 1.25rem 4px 0; color: var(--soft); font-size: .9375rem; }
footer { margin: 1rem 4px 0; }
@media (min-width: 52rem) {
  .cols { grid-template-columns: minmax(0, 11fr) minmax(0, 10fr); }
  .mine { grid-template-columns: minmax(0, 1fr) 10rem; }
}
@media (forced-colors: active) { .ways a, .ways button { border-color: ButtonText; } progress { appearance: auto; } }
`;
