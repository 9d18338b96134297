import { PAGE_STYLE } from './style.ts';

/** The look of the game: the small pages' own, answers as rows that a thumb can hit. What a colour says, the words say too. */
export const PLAY_STYLE = `${PAGE_STYLE}
:root { --edge: #6b7480; --wash: #eef1f5; --good: #14603a; --bad: #991b1b; }
@media (prefers-color-scheme: dark) { :root { --edge: #8a95a3; --wash: #222831; --good: #86dba9; --bad: #ffaaa5; } }
h1 { font-size: 1.1875rem; }
h1.big { font-size: clamp(1.4rem, 1.2rem + 1.4vw, 1.75rem); }
fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
legend { margin: 0 0 1rem; padding: 0; font-size: 1.25rem; font-weight: 700; line-height: 1.35; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 52px; margin-bottom: .6rem; padding: .6rem 1rem; border: 1px solid var(--edge); border-radius: 12px; cursor: pointer; }
.choice:hover { background: var(--wash); }
.choice input { flex: none; width: 1.35rem; height: 1.35rem; margin: 0; accent-color: var(--act); }
.choice:has(:checked) { border-color: var(--act); box-shadow: inset 0 0 0 1px var(--act); }
.choice:has(:focus-visible) { outline: 3px solid var(--act); outline-offset: 2px; }
.choice :focus-visible { outline: none; }
form button { width: 100%; }
.said { margin: 0 0 1rem; padding: .75rem 1rem; border-left: 5px solid var(--tone); border-radius: 8px; background: var(--wash); }
.good { --tone: var(--good); } .bad { --tone: var(--bad); } .plain { --tone: var(--edge); }
progress { display: block; width: 100%; height: 10px; margin: .25rem 0 1.25rem; border: 0; border-radius: 5px; overflow: hidden; background: var(--wash); accent-color: var(--act); appearance: none; }
progress::-webkit-progress-bar { background: var(--wash); }
progress::-webkit-progress-value { background: var(--act); }
progress::-moz-progress-bar { background: var(--act); }
.count { margin: 0; font-size: clamp(1.75rem, 1.5rem + 2vw, 2.25rem); font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.step { margin: 0; color: var(--soft); font-size: .9375rem; }
.scores { display: grid; gap: 8px; grid-template-columns: 1fr 1fr; margin: 1rem 0 1.5rem; }
.scores > div { padding: .8rem 1rem; border-radius: 12px; background: var(--wash); min-width: 0; }
.scores dt { color: var(--soft); font-size: .9375rem; }
.scores dd { margin: 0; font-size: 1.5rem; font-weight: 700; font-variant-numeric: tabular-nums; }
.list { margin: 1rem 0; padding: 0; list-style: none; }
.list > li { display: flex; gap: .25rem 1rem; flex-wrap: wrap; justify-content: space-between; padding: .7rem 0; border-top: 1px solid var(--line); }
.list b { font-variant-numeric: tabular-nums; }
.second { border-color: var(--act); background: none; color: var(--act); }
input[readonly] { width: 100%; min-height: 48px; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--card); color: var(--ink); font: inherit; }
label[for] { display: block; margin-bottom: .3rem; font-weight: 600; }
@media (forced-colors: active) { progress { appearance: auto; } .choice, .second { border-color: ButtonText; } }
`;
