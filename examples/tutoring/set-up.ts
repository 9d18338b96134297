import { at, listAt, textAt } from './answers.ts';
import type { Call } from './call.ts';

export type SetUp = { readonly programId: string; readonly webhookSecret: string };

const TITLE = 'Challenge a friend';

/** What your team would do once: a unit to reward in, a program, an address for webhooks. Done again it changes nothing but the webhooks' secret. `appUrl`: where this app is. */
export async function setUp(call: Call, appUrl: string): Promise<SetUp> {
  // Released shields keep a streak over a missed day by themselves.
  await call('PUT', '/v1/units', { units: [{ unit: 'shield', title: 'Streak shield' }] });
  return { programId: await findOrMakeProgram(call, appUrl), webhookSecret: await listenAt(call, `${appUrl}/webhooks/flywheel`) };
}

async function findOrMakeProgram(call: Call, appUrl: string): Promise<string> {
  const terms = {
    destination: `${appUrl}/`,
    rewards: { rules: [{ key: 'friend_plays', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 } }], holdDays: 0 },
    // So that you see the mail whenever you try this. Leave it out, and mails wait for waking hours where the friend lives.
    sendRules: { layers: [] },
  };
  const ours = listAt(await call('GET', '/v1/programs?limit=100'), 'data').find((program) => at(program, 'title') === TITLE && at(program, 'loop') === 'buddy-challenge');
  if (ours === undefined) return textAt(await call('POST', '/v1/programs', { loop: 'buddy-challenge', title: TITLE, terms }), 'id');
  const id = textAt(ours, 'id');
  await call('PATCH', `/v1/programs/${id}`, { terms });
  return id;
}

/** The secret is told once, when the endpoint is made: an app that has not kept it makes the endpoint anew. */
async function listenAt(call: Call, url: string): Promise<string> {
  for (const endpoint of listAt(await call('GET', '/v1/webhook-endpoints'), 'data')) {
    const id = textAt(endpoint, 'id');
    if (at(endpoint, 'url') === url) await call('DELETE', `/v1/webhook-endpoints/${id}`);
  }
  return textAt(await call('POST', '/v1/webhook-endpoints', { url, eventTypes: ['reward.*'] }), 'secret');
}
