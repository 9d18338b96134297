import { liveSender } from './live-shell.ts';
import { PLAY_STYLE } from './play-style.ts';

const STYLE = `${PLAY_STYLE}.board { width: 100%; margin: .5rem 0 1.25rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.board th, .board td { padding: .6rem .35rem; border-top: 1px solid var(--line); text-align: left; vertical-align: baseline; overflow-wrap: normal; }
.board thead th { border-top: 0; color: var(--soft); font-size: .875rem; }
.board tbody th { font-weight: 400; overflow-wrap: break-word; }
.board td:first-child, .board td:last-child { white-space: nowrap; }
.read { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.board td:nth-child(3), .board th:nth-child(3) { padding-right: .9rem; text-align: right; white-space: nowrap; }
.board small { color: var(--soft); font-weight: 400; }
.board .up { color: var(--good); } .board .down { color: var(--soft); }
.own > * { background: var(--wash); font-weight: 700; }
.own > th { font-weight: 700; }
.apart > * { border-top: 3px double var(--edge); }
@media (max-width: 480px) {
  .board { font-size: .9375rem; }
  .board th, .board td { padding-left: .2rem; padding-right: .2rem; }
  .board td:nth-child(3), .board th:nth-child(3) { padding-right: .6rem; }
  .board small { display: block; }
}
`;

/**
 * Keeps the board live: the server says what to put in, already written and escaped. Without a script, or without EventSource, the page asks for
 * itself every ten seconds.
 */
const SCRIPT = `(function (d) {
  if (!window.EventSource) return setTimeout(function () { location.reload(); }, 10000);
  var e = new EventSource(location.pathname + '/live');
  e.addEventListener('board', function (m) {
    var parts = JSON.parse(m.data);
    ['own', 'board'].forEach(function (id) {
      var at = d.getElementById(id);
      if (at && at.innerHTML !== parts[id]) at.innerHTML = parts[id];
    });
  });
  e.addEventListener('end', function () { e.close(); setTimeout(function () { location.reload(); }, 5000); });
})(document);`;

export const sendBoardPage = liveSender({ style: STYLE, script: SCRIPT });
