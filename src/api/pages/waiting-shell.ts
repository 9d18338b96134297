import { liveSender } from './live-shell.ts';
import { PLAY_STYLE } from './play-style.ts';

/**
 * Keeps the page live: whenever the server says that something changed, it is fetched again and what changed is put in. A field that is being
 * read or copied from is left alone. Without a script the page asks for itself every ten seconds.
 */
const SCRIPT = `(function (d) {
  if (!window.EventSource) return setInterval(look, 5000);
  var e = new EventSource(location.pathname + '/live');
  e.addEventListener('changed', look);
  e.addEventListener('end', function () { e.close(); setTimeout(function () { location.reload(); }, 5000); });
  function look() {
    fetch(location.href, { headers: { accept: 'text/html' } }).then(function (r) { return r.ok ? r.text() : null; }).then(function (t) {
      if (!t) return;
      var fresh = new DOMParser().parseFromString(t, 'text/html').getElementById('news'), old = d.getElementById('news');
      if (fresh && old && fresh.innerHTML !== old.innerHTML && !old.contains(d.activeElement)) old.innerHTML = fresh.innerHTML;
    }, function () {});
  }
})(document);`;

export const sendWaitingPage = liveSender({ style: PLAY_STYLE, script: SCRIPT });
