import { PAGE_STYLE } from './style.ts';

/**
 * The look of a preview: the small pages' type and colours, wide enough for two screens side by side. What a colour says,
 * the words say too. The mails' own frames bring their own colours, light or dark.
 */
export const PREVIEW_STYLE = `${PAGE_STYLE}
:root { --good: #14603a; --hold: #7a4300; --bad: #991b1b; --wash: #eef1f5; --edge: #8a929c; }
@media (prefers-color-scheme: dark) { :root { --good: #86dba9; --hold: #f5c26b; --bad: #ffaaa5; --wash: #222831; --edge: #7b8592; } }
body { display: block; padding: clamp(12px, 2.5vw, 32px); }
main { max-width: 86rem; margin: 0 auto; padding: 0; background: none; border: 0; border-radius: 0; }
h1 { margin: 0 0 .35rem; }
h2 { margin: 0 0 .9rem; font-size: 1.125rem; }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.card { padding: clamp(16px, 2.6vw, 28px); background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
.card, .two { margin-top: 16px; }
.two { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
.two > .card { margin-top: 0; }
.lead { margin: 0; color: var(--soft); }
.inbox { margin-bottom: 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
.wide { display: grid; grid-template-columns: minmax(0, 13rem) minmax(0, 1fr) auto; gap: 1rem; padding: .7rem 1rem; }
.wide > *, .tall .cut { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.wide .who, .tall .who, .inbox .subject { font-weight: 700; }
.wide .pre, .tall .pre, .inbox .at { color: var(--soft); }
.tall { width: 375px; max-width: 100%; padding: .8rem 1rem; line-height: 1.4; }
.tall p { margin: 0; }
.tall .top { display: flex; gap: .75rem; justify-content: space-between; }
.tall .top > :last-child { flex: none; }
.tall .pre { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; }
.when-big { margin: 0 0 .25rem; font-size: clamp(1.2rem, 1.05rem + .8vw, 1.5rem); font-weight: 600; line-height: 1.3; }
.utc { display: block; color: var(--soft); font-size: .875rem; font-weight: 400; }
.ago { display: block; color: var(--soft); font-size: .875rem; font-weight: 400; }
.says { list-style: none; margin: 0; padding: 0; }
.when { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
.when p:last-child { margin-bottom: 0; }
.says li { padding: .6rem .9rem; border-left: 5px solid var(--tone); border-radius: 8px; background: var(--wash); }
.says li + li { margin-top: .5rem; }
.says b { color: var(--tone); }
.good { --tone: var(--good); } .hold { --tone: var(--hold); } .bad { --tone: var(--bad); }
dl { margin: 0; }
dl > div { padding: .45rem 0; border-bottom: 1px solid var(--line); }
dl > div:last-child { border: 0; padding-bottom: 0; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.screens { display: grid; gap: 24px 28px; grid-template-columns: minmax(0, 1fr); margin-top: 16px; align-items: start; }
.screen { overflow: hidden; border: 1px solid var(--edge); background: #f3f4f6; }
.screen iframe { display: block; border: 0; }
.desk { border-radius: 12px; height: 413px; }
.desk iframe { width: 200%; height: 826px; transform: scale(.5); transform-origin: 0 0; }
.phone { width: 375px; max-width: 100%; height: 720px; border-width: 2px; border-radius: 28px; }
.phone iframe { width: 100%; height: 100%; }
figure { margin: 0; min-width: 0; }
figcaption { margin: 0 0 .5rem .25rem; color: var(--soft); font-size: .9375rem; font-weight: 600; }
pre { margin: 0; font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.closing { margin: 1rem .5rem 0; color: var(--soft); font-size: .875rem; }
@media (max-width: 45rem) { .wide { grid-template-columns: 5.5rem minmax(0, 1fr); } .wide .at { display: none; } }
@media (min-width: 46rem) {
  .desk { height: auto; } .desk iframe { width: 100%; height: 760px; transform: none; }
  .two, .when { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: stretch; }
  dl > div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 1rem; }
}
@media (min-width: 70rem) { .screens { grid-template-columns: minmax(640px, 1fr) 375px; } .desk iframe { height: 776px; } }
@media (prefers-color-scheme: dark) { .screen { background: #111317; } }
@media print { body { background: none; } .card { break-inside: avoid-page; border: 0; } }
`;
