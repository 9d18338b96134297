import { PAGE_STYLE } from './style.ts';

/** The look of landing pages: the small pages' own, and a second rank of buttons. */
export const LANDING_STYLE = `${PAGE_STYLE}
:root { --edge: #6b7480; --wash: #eef1f5; }
@media (prefers-color-scheme: dark) { :root { --edge: #8a95a3; --wash: #222831; } }
.lead { font-size: 1.1875rem; line-height: 1.45; }
.answers { display: grid; gap: 10px; }
.plain { border-color: var(--edge); background: none; color: var(--act); }
.numbers { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 1rem; }
.numbers > div { flex: 1 1 7rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .6rem .85rem; border-radius: 12px; background: var(--wash); }
.numbers dt { color: var(--soft); font-size: .9375rem; line-height: 1.35; }
.numbers dd { margin: 0; font-size: 1.75rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.small { margin: 1.5rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
.small form { margin: 0; }
.quiet { width: auto; padding: .5rem 0; background: none; color: var(--act); font-size: .9375rem; font-weight: 400; text-align: left; text-decoration: underline; text-underline-offset: 3px; }
summary { display: list-item; min-height: 48px; padding: .65rem 0; color: var(--act); font-size: .9375rem; cursor: pointer; }
fieldset { margin: 0 0 1rem; padding: 0; border: 0; min-width: 0; }
legend { margin-bottom: .25rem; padding: 0; font-weight: 600; }
.tick { display: flex; gap: .75rem; align-items: center; min-height: 48px; cursor: pointer; }
.tick input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--act); }
.ways { display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); margin: 0 0 1rem; padding: 0; list-style: none; }
.ways a { width: 100%; padding: .7rem .5rem; }
.qr { display: block; width: min(100%, 12rem); margin: 0 auto 1rem; border-radius: 12px; border: 1px solid var(--line); }
.link { padding: .6rem .75rem; border-radius: 10px; background: var(--wash); font-size: .9375rem; }
a { color: var(--act); }
a.act { color: var(--on-act); }
a.plain { color: var(--act); }
@media (forced-colors: active) { .plain { border-color: ButtonText; } }
`;
