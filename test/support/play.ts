import { asId } from '../../src/domain/ids.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { textIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';
import { openPage } from './open-page.ts';
import type { Opened } from './open-page.ts';

/** Five questions; the right choice of question n is n % 3. */
export const DECK = {
  title: 'Capitals & <rivers>',
  questions: [0, 1, 2, 3, 4].map((n) => ({ text: `Question <${String(n)}>?`, choices: ['first', 'second', 'third'], answer: n % 3 })),
};

/** What both sides earn at a friend's first value: 50 points of the tenant's own. */
const REWARDS = { rules: [{ key: 'friend_reached_value', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 50 } }], holdDays: 0 };

/** A program of the buddy challenge, and Ana with a name; answers the program's id. */
export async function arrangeChallenges(api: TestApi, tenant: TestTenant, terms: Record<string, unknown> = {}): Promise<string> {
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana <b>Bell</b>', contact: { email: 'ana@example.com' }, zone: 'Europe/Paris' });
  await api.send(tenant, 'PUT', '/v1/units', { units: [{ unit: 'xp', title: 'XP' }] });
  return textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'buddy-challenge', title: 'Challenges', terms: { rewards: REWARDS, destination: 'https://app.kite.example/join?from=game', ...terms } })).body, 'id');
}

export type Challenge = { runId: RunId; code: string; waitingPath: string; reply: Reply };

export async function startChallenge(api: TestApi, tenant: TestTenant, programId: string, more: Record<string, unknown> = {}): Promise<Challenge> {
  const reply = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { score: 3 }, deck: DECK, ...more });
  const link = reply.body['link'];
  if (typeof link !== 'object' || link === null || !('code' in link)) throw new Error(`not started: ${reply.text}`);
  return { runId: asId('run', textIn(reply.body, 'id')), code: String(link.code), waitingPath: new URL(textIn(reply.body, 'waitingUrl')).pathname, reply };
}

/** A friend's browser: it keeps cookies by their paths, and follows redirects within this host. */
export type Friend = {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Opened>;
  post(path: string, form: Readonly<Record<string, string>>): Promise<Opened>;
  /** Opens the invitation and presses accept; answers the game's page, or what it says instead. */
  accept(code: string): Promise<Opened>;
  /** Chooses on the page that is open now; answers the next. */
  answer(code: string, choice: number | null, changed?: Readonly<Record<string, string>>): Promise<Opened>;
  guestToken(code: string): string;
};

export function openFriend(api: Pick<TestApi, 'url'>, language = 'en', host = 'flywheel.example'): Friend {
  const cookies = new Map<string, string>();
  const send = async (path: string, opening: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Opened> => {
    const sent = [...cookies].filter(([key]) => path.startsWith(key.split(' ')[1] ?? '')).map(([key, value]) => `${key.split(' ')[0] ?? ''}=${value}`);
    const page = await openPage(api.url, path, { ...opening, headers: { host, 'accept-language': language, ...(sent.length > 0 ? { cookie: sent.join('; ') } : {}), ...opening.headers } });
    for (const line of page.headers['set-cookie'] ?? []) {
      const [, name = '', value = '', at = '/'] = /^([^=]+)=([^;]*); Path=([^;]+)/.exec(line) ?? [];
      cookies.set(`${name} ${at}`, value);
    }
    return page;
  };
  const follow = async (page: Opened): Promise<Opened> => (page.status === 303 && page.headers.location?.startsWith('/') === true ? follow(await send(page.headers.location, {})) : page);
  const friend: Friend = {
    cookies,
    get: (path, headers) => send(path, headers === undefined ? {} : { headers }),
    post: (path, form) => send(path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form).toString() }),
    async accept(code) {
      const page = await send(`/i/${code}`, {});
      const hidden = hiddenIn(page.text);
      return Object.keys(hidden).length === 0 ? page : follow(await friend.post(`/i/${code}`, { ...hidden, do: 'accept' }));
    },
    async answer(code, choice, changed = {}) {
      const open = await friend.get(`/play/${code}`);
      return follow(await friend.post(`/play/${code}`, { ...hiddenIn(open.text), ...(choice === null ? {} : { choice: String(choice) }), ...changed }));
    },
    guestToken: (code) => cookies.get(`flywheel_guest /play/${code}`) ?? '',
  };
  return friend;
}

/** The hidden fields of a page's first form. */
export function hiddenIn(text: string): Record<string, string> {
  const [form = ''] = /<form[\s\S]*?<\/form>/.exec(text) ?? [];
  return Object.fromEntries([...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Answers the next questions: `right` of them right, the others wrong. */
export async function playOn(friend: Friend, code: string, answers: readonly boolean[], from = 0): Promise<Opened | null> {
  let page: Opened | null = null;
  for (const [place, isRight] of answers.entries()) {
    const answer = (from + place) % 3;
    page = await friend.answer(code, isRight ? answer : (answer + 1) % 3);
  }
  return page;
}

export async function signUp(api: TestApi, tenant: TestTenant, externalId: string, guestToken: string, more: Record<string, unknown> = {}): Promise<Reply> {
  return api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: `signed-up-${externalId}`, type: 'signed_up', externalId, guestToken, ...more }] });
}
