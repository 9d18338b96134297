import { canary, kindsOf, openTestExplaining, tellsOf, titled } from '../support/explaining.ts';
import type { StoryOut, TestExplaining } from '../support/explaining.ts';

const HOUR_MS = 3_600_000;
let ops: TestExplaining;

beforeAll(async () => { ops = await openTestExplaining(); });
afterAll(() => ops.close());

test('a hand-off nobody knows the outcome of waits for evidence, and the evidence settles it', async () => {
  const { clock, sink } = ops.sending;
  clock.set('2026-08-12T12:00:00Z');
  const programId = await ops.makeProgram();
  const [id = ''] = await ops.invite({ programId, invitees: [canary('canary-lost@five.example')] });
  sink.setFault(({ stage }) => (stage === 'answer' ? { kind: 'drop' } : undefined));
  await ops.sending.sendDue();
  sink.setFault(undefined);
  const lost = await ops.story(id);
  expect(kindsOf(lost)).toEqual(['accepted', 'planned', 'unknown']);
  expect(lost.now).toMatchObject({ state: 'unknown', nextAt: '2026-08-15T12:00:00.000Z' });
  expect(lost.now.waitsFor).toMatch(/^evidence: the invitation may have arrived \(.+\); a delivery report, a bounce or a late record settles it, else it is given up Sat 15 August 14:00 in Europe\/Paris \(Sat 12:00 UTC\)$/);
  clock.advance(HOUR_MS);
  await ops.call('POST', '/v1/delivery-events', { events: [{ eventId: 'esp-1', kind: 'delivered', at: new Date(clock.now()).toISOString(), inviteId: id }] });
  await ops.sending.sendDue();
  const settled = await ops.story(id);
  expect(kindsOf(settled)).toEqual(['accepted', 'planned', 'unknown', 'handed_off', 'reminder_planned', 'delivered']);
  expect(titled(settled, 'handed_off')).toBe('The invitation had been handed off after all: the provider reported that it was delivered.');
  expect(titled(settled, 'reminder_planned')).toMatch(/^Planned, since the invitation turned out to have been handed off: reminder 1 leaves /);
  expect(settled.now).toMatchObject({ state: 'handed_off', waitsFor: expect.stringMatching(/^reminder 1 leaves /) });
});

test('an unknown nobody settles is given up, and the story says so', async () => {
  const { clock, sink } = ops.sending;
  clock.set('2026-08-19T12:00:00Z');
  const [id = ''] = await ops.invite({ programId: await ops.makeProgram(), invitees: [canary('canary-gone@six.example')] });
  sink.setFault(({ stage }) => (stage === 'answer' ? { kind: 'drop' } : undefined));
  await ops.sending.sendDue();
  sink.setFault(undefined);
  clock.advance(72 * HOUR_MS);
  await ops.sending.sendDue();
  const story = await ops.story(id);
  expect(kindsOf(story)).toEqual(['accepted', 'planned', 'unknown', 'given_up']);
  expect(story.now).toMatchObject({ state: 'unknown_expired', nextAt: null, waitsFor: 'nothing: it ended unknown, and is not sent again' });
});

test('an opt-out, a bounce and a refusal by the mail server are told with what they stopped', async () => {
  const { clock, sink } = ops.sending;
  clock.set('2026-08-26T12:00:00Z');
  const programId = await ops.makeProgram();
  const [optsOut = '', bounces = '', refused = ''] = await ops.invite({ programId, invitees: ['out', 'bounce', 'refused'].map((name) => canary(`canary-${name}@seven.example`)) });
  sink.setFault(({ stage, to }) => (stage === 'rcpt' && to.at(-1)?.includes('refused') === true ? { kind: 'refuse', code: 550, text: '5.1.1 no canary-refused@seven.example here' } : undefined));
  await ops.sending.sendDue();
  sink.setFault(undefined);
  clock.advance(HOUR_MS);
  await ops.call('POST', '/v1/suppressions', { email: 'canary-out@seven.example', reason: 'manual' });
  await ops.call('POST', '/v1/delivery-events', { events: [{ eventId: 'esp-2', kind: 'bounced', permanent: true, at: new Date(clock.now()).toISOString(), inviteId: bounces }] });
  const [first, second, third] = await Promise.all([optsOut, bounces, refused].map((id) => ops.story(id)));
  if (first === undefined || second === undefined || third === undefined) throw new Error('no story');
  const withoutReminders = (story: StoryOut): string[] => kindsOf(story).filter((kind) => kind !== 'reminder_planned');
  expect(withoutReminders(first)).toEqual(['accepted', 'planned', 'handed_off', 'suppressed']);
  expect(titled(first, 'suppressed')).toBe('Suppressed, because somebody of the tenant\'s put the address on the list: it had left before, and its reminders stop.');
  expect(first.now.waitsFor).toMatch(/^an answer: the person may join until .+; no further message leaves \(its reminders were stopped: suppressed\)$/);
  expect(withoutReminders(second)).toEqual(['accepted', 'planned', 'handed_off', 'bounced', 'refused']);
  expect(second.now).toMatchObject({ state: 'refused', waitsFor: 'nothing: it ended refused (the message bounced for good)' });
  expect(kindsOf(third)).toEqual(['accepted', 'planned', 'refused']);
  expect(titled(third, 'refused')).toBe('The invitation was refused: the recipient\'s server knows no such mailbox.');
  for (const id of [optsOut, bounces, refused]) expect(await tellsOf(ops, id)).toEqual([]);
});
