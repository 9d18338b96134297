/**
 * The look of the small pages people meet: one column, large type, the system's fonts and its light or dark.
 * Contrast of all text is at least 7:1, of the button's edge 3:1 (WCAG 2.2 1.4.6, 1.4.11); targets are 48 px high.
 */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --page: #f4f5f7; --card: #ffffff; --ink: #16191d; --soft: #454c55; --line: #d9dde2; --act: #1c4fa0; --on-act: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --page: #101317; --card: #191d23; --ink: #f1f3f5; --soft: #b9c0c9; --line: #343b45; --act: #a9c8ff; --on-act: #0c1b33; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100svh; display: grid; place-items: center; padding: 16px; background: var(--page); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; -webkit-text-size-adjust: 100%; }
main { width: 100%; max-width: 32rem; padding: clamp(24px, 6vw, 40px); background: var(--card); border: 1px solid var(--line); border-radius: 16px; overflow-wrap: anywhere; }
h1 { margin: 0 0 .75rem; font-size: clamp(1.4rem, 1.2rem + 1.4vw, 1.75rem); line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; }
main > :last-child { margin-bottom: 0; }
form { margin: 1.5rem 0; }
button, .act { display: block; width: 100%; min-height: 48px; padding: .7rem 1.25rem; border: 2px solid transparent; border-radius: 10px; background: var(--act); color: var(--on-act);
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .act:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 3px; }
.soft { color: var(--soft); font-size: .9375rem; }
footer { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; white-space: pre-line; }
@media (min-width: 40rem) { button, .act { width: auto; } }
@media (forced-colors: active) { button, .act { border-color: ButtonText; } }
`;
