import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listenToLanes } from '../../activities/lanes/lane-listener.ts';
import { shareFairly } from '../../activities/messages/share-fairly.ts';
import type { Transport } from '../../src/providers/transport.ts';
import { openSms } from '../../src/providers/sms/open-sms.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { examplesOf, holds, likeText, openShell } from '../support/guide-blocks.ts';
import type { Example, Shell } from '../support/guide-blocks.ts';
import { runTurn } from '../support/sending.ts';

const examples = examplesOf(readFileSync(join(__dirname, '../../docs/api-guide.md'), 'utf8'));

const SHOWN = 1_500;

let api: TestApi;
let tenant: TestTenant;
let shell: Shell;
let sendWhatIsDue: () => Promise<void>;
let closeSending: () => Promise<void>;

beforeAll(async () => {
  api = await openTestApi();
  const host = new URL(api.url).host;
  tenant = await api.makeTenant({ name: 'Lumen', zone: 'Europe/Berlin', publicUrl: api.url, linkHosts: [host], allowedDestinations: ['127.0.0.1:3001'] });
  shell = openShell({ API: api.url, KEY: tenant.secret, APP: 'http://127.0.0.1:3001', LC_ALL: 'C.UTF-8' });
  const { db, clock, keyring, log } = api.services;
  const listener = await listenToLanes(db);
  sendWhatIsDue = async () => {
    const transports = { email: everythingLeaves, sms: openSms({ kind: 'off' }) };
    const hasFreeSlots = (): boolean => false;
    const sharing = shareFairly({ db, clock, keyring, log, transports, hasFreeSlots, slots: 50 });
    await runTurn({ db, clock, keyring, log, listener, transports, hasFreeSlots, ...sharing, draining: new AbortController().signal }, tenant);
  };
  closeSending = () => listener.close();
});
afterAll(async () => {
  await shell.close();
  await closeSending();
  await api.close();
});

test('every example of the API guide works as it stands, in order, and answers what the guide says', async () => {
  expect(examples.length).toBeGreaterThan(30);
  const wrong: string[] = [];
  let hasInvited = false; // until then it is noon, for the times that the guide shows
  for (const example of examples) {
    const found = unlike(example, await shell.run(example.script));
    if (found !== null) wrong.push(`${example.heading}\n${example.script}${found.slice(0, SHOWN)}`);
    if (example.script.includes('/v1/invites"')) {
      await sendWhatIsDue();
      hasInvited = true;
    }
    if (hasInvited) api.clock.advance(1_000);
  }
  expect(wrong).toEqual([]);
});

test('an answer that says something else, lacks a field or a line is told from one that fits', () => {
  expect(holds({ id: 'inv_…', list: [{ n: 1 }] }, { id: 'inv_01', list: [{ n: 1, more: true }, { n: 2 }], other: null })).toBe(true);
  for (const answer of [{ id: 'bat_01', list: [{ n: 1 }] }, { id: 'inv_01', list: [{ n: 2 }] }, { id: 'inv_01', list: [] }, { id: 'inv_01' }, { id: null, list: [{ n: 1 }] }, []]) {
    expect(holds({ id: 'inv_…', list: [{ n: 1 }] }, answer)).toBe(false);
  }
  expect(holds([], [1])).toBe(false);
  expect(likeText('a.c …').test('abc x')).toBe(false);
});

/** What is wrong with what a block printed; null where it is what the guide says. */
function unlike({ says }: Example, output: string): string | null {
  switch (says?.kind) {
    case undefined: return null;
    case 'json': return holds(JSON.parse(says.text), JSON.parse(output)) ? null : `answered: ${output}`;
    case 'text': return says.text.trim().split('\n').every((line) => output.split(/\r?\n/).some((printed) => likeText(line).test(printed))) ? null : `printed: ${output}`;
  }
}

const everythingLeaves: Transport = {
  channel: 'email',
  provider: 'email:guide.example',
  wireLimit: 4,
  send: async ({ messageId }) => ({ outcome: 'handed_off', providerMessageId: messageId, receipt: '250 OK' }),
  verify: async () => ({ ok: true }),
  close: async () => {},
};
