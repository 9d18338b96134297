import { z } from 'zod';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { listIn, NOON, textIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';
import { offerTo } from './arrange-prompts.ts';
import { upload } from './imports.ts';
import { invite, makeProgram } from './invites-api.ts';
import { openPayoutStand } from './payouts.ts';

/** Ids of what a tenant has, one of each kind that a route names by id. */
export type Things = Readonly<Record<
  'program' | 'invite' | 'batch' | 'code' | 'member' | 'prompt' | 'referral' | 'import' | 'endpoint' | 'delivery' | 'feedItem' | 'recipient' | 'payoutBatch' | 'payout' | 'reward' | 'suppression',
  string
>>;

/** Makes them, at noon: of a member called `user` there, with addresses and links of `domain`. The referral has a run, which has its id. */
export async function arrangeThings(api: TestApi, as: TestTenant, { user, domain }: { user: string; domain: string }): Promise<Things> {
  const { tenantId } = as;
  const send = (method: string, path: string, body?: unknown): Promise<Reply> => api.send(as, method, path, body);
  const firstOf = async (path: string): Promise<string> => textIn(listIn((await send('GET', path)).body, 'data')[0] ?? {}, 'id');
  const program = await makeProgram(api, as);
  const [invited] = await invite(api, as, program, [`sam@${domain}`]);
  if (invited === undefined) throw new Error('nobody was invited');
  const code = inviteCode(api.services.keyring, invited.ref);
  await api.database.app.asTenant(tenantId, (tx) =>
    insertInviteLinks(tx, [{ code, ...invited.ref, memberId: null, leadsTo: { destination: `https://app.${domain}/`, utm: {} } }], tenantId, NOON));
  const { body } = await send('PUT', `/v1/members/${user}`, { name: 'Their Member' });
  const member = textIn(body, 'id');
  await send('POST', '/v1/events', { events: [{ eventId: 'joined', type: 'signed_up', externalId: 'a-friend', code: z.object({ code: z.string() }).parse(body['personalLink']).code }] });
  const referral = await firstOf('/v1/referrals');
  await api.database.app.asTenant(tenantId, (tx) => openRuns(tx, { tenantId, runs: [{ id: referral, loop: 'referral', stage: 'attributed', input: {} }], now: NOON }));
  const endpoint = textIn((await send('POST', '/v1/webhook-endpoints', { url: `https://hooks.${domain}/` })).body, 'id');
  const fed = await send('POST', '/v1/feed', { items: [{ externalId: user, key: 'hello', title: 'Hello', body: 'Their Member has news.' }] });
  const payouts = await openPayoutStand(api, as);
  await send('PUT', '/v1/payout-rail', { kind: 'manual' });
  await payouts.release(await payouts.member(user), 5_000);
  const approved = await payouts.approved();
  return {
    program, code, member, referral, endpoint,
    invite: invited.id,
    batch: invited.ref.batchId,
    prompt: await offerTo(api.database, { tenantId, memberId: member, programId: program, now: NOON }),
    import: textIn((await upload(api, as, 'kind=members', 'externalId\nimported\n')).body, 'id'),
    delivery: textIn((await send('POST', `/v1/webhook-endpoints/${endpoint}/test`)).body, 'id'),
    feedItem: textIn(listIn(fed.body, 'results')[0] ?? {}, 'id'),
    recipient: textIn((await send('POST', '/v1/report-recipients', { email: `growth@${domain}` })).body, 'id'),
    payoutBatch: approved.batchId,
    payout: approved.payouts.get(user) ?? '',
    reward: await firstOf('/v1/rewards'),
    suppression: textIn((await send('POST', '/v1/suppressions', { email: `no@${domain}` })).body, 'id'),
  };
}
