import { PAGE_STYLE } from './style.ts';

/** The look of the preference page: the small pages' own, and what a form needs. Edges of fields have 3:1, each row can be hit with a thumb. */
export const PREFERENCE_STYLE = `${PAGE_STYLE}
:root { --edge: #6b7480; --wash: #eef1f5; --good: #14603a; --bad: #991b1b; }
@media (prefers-color-scheme: dark) { :root { --edge: #8a95a3; --wash: #222831; --good: #86dba9; --bad: #ffaaa5; } }
main { max-width: 36rem; }
fieldset { margin: 1.75rem 0; padding: 0; border: 0; min-width: 0; }
legend, h2 { margin: 0 0 .5rem; padding: 0; font-size: 1.1875rem; font-weight: 700; line-height: 1.3; }
.topic { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 12px; }
.topic + .topic { margin-top: .75rem; }
.topic p { margin: 0; }
.topic ~ .soft { margin: .75rem 0 0; }
.topic .name { font-weight: 600; }
.tick { display: flex; gap: .75rem; align-items: center; min-height: 48px; cursor: pointer; }
.tick input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--act); }
.field { display: block; margin-top: .75rem; }
legend + .field { margin-top: 0; }
fieldset > .soft { margin-bottom: 0; }
.field > span { display: block; margin-bottom: .25rem; font-weight: 600; }
input[type="time"], select { width: 100%; min-height: 48px; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--card); color: var(--ink); font: inherit; }
.hours { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1rem; }
.said { margin: 0 0 1rem; padding: .75rem 1rem; border-left: 5px solid var(--tone); border-radius: 8px; background: var(--wash); }
.said h2, .said p { margin: 0; }
.good { --tone: var(--good); } .bad { --tone: var(--bad); }
.aside { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.aside form { margin: 0; }
.plain { border-color: var(--act); background: none; color: var(--act); }
@media (forced-colors: active) { .plain { border-color: ButtonText; } }
`;
