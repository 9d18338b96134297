import { openPage } from '../support/open-page.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';
import { changedSince, storedIn } from './support/stored.ts';

/* What anybody may open, with a text that somebody hopes to see again on the page, or deeper inside. */
let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
  await api.makeTenant();
});
afterAll(() => api.close());

const ROOTS = ['/', '/l/', '/u/', '/explain/', '/preview/', '/p/', '/webhooks/twilio/status/', '/docs/', '/v1/', '/v1/programs/', '/openapi.json/'];
const TEXTS: readonly [what: string, text: string][] = [
  ['a script', encodeURIComponent('"><script>qzmark()</script>')],
  ['a handler', encodeURIComponent('\' onmouseover=\'qzmark()')],
  ['a template', encodeURIComponent('{{qzmark}}${qzmark}')],
  ['a header', 'qzmark%0d%0aSet-Cookie:%20a=b'],
  ['NUL', 'qzmark%00'],
  ['half an escape', 'qzmark%e0%a4%a'],
  ['a way up', '..%2f..%2f..%2fetc%2fpasswd%23qzmark'],
  ['right-to-left', encodeURIComponent('qzmark\u202etxt.exe')],
  ['8,000 characters', 'qzmark'.repeat(1_300)],
  ['a query', 'x?q=%22%3E%3Cscript%3Eqzmark%3C/script%3E&q[$gt]=&__proto__[a]=b'],
];

test.each(TEXTS)('%s in the address of any page: a plain refusal that does not repeat it', async (_what, text) => {
  const before = await storedIn(api.database.superuser);
  for (const root of ROOTS) {
    for (const method of ['GET', 'POST', 'HEAD', 'PUT']) {
      const reply = await openPage(api.url, `${root}${text}`, { method });
      expect([method, root, Math.floor(reply.status / 100)]).toEqual([method, root, 4]);
      expect([method, root, /qzmark|passwd|\bat .*\.ts:\d|node_modules/.test(reply.text + JSON.stringify(reply.headers))]).toEqual([method, root, false]);
      expect(reply.headers['set-cookie']).toBeUndefined();
    }
  }
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});
