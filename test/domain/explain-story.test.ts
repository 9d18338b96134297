import { at, decision, HOUR_MS, INVITE, kindsOf, MEMBER, message, NEWCOMER, NOON, planned, PROGRAM, tell, TENANT, titleOf, touch } from './explain-sample.ts';

const EIGHT = at('2026-06-10T23:00:00Z');
const accepted = planned('accepted_and_planned', NOON, '2026-06-10T23:00:00.000Z');

describe('a plan made anew is told with why', () => {
  const replan = (more: Record<string, unknown> = {}, when = NOON + HOUR_MS) => planned('planned_again', when, '2026-06-11T23:00:00.000Z', more);
  const why = (...more: Parameters<typeof tell>): string => /because (.+): the invitation/.exec(titleOf(tell(...more), 'planned_again'))?.[1] ?? 'untold';
  const paused = decision('program_paused', NOON + 60_000, { subjectId: PROGRAM });
  const resumed = decision('program_resumed', NOON + 120_000, { subjectId: PROGRAM });

  test.each([
    ['the recipient\'s time zone changed from Asia/Tokyo to America/Adak and 1 more', { decisions: [accepted, replan({ zones: ['America/Adak', 'America/Nome'] })] }],
    ['the send rules changed (version 2 to 3)', { decisions: [accepted, replan({ planVersion: 3 })] }],
    ['the pause of the program was lifted', { decisions: [accepted, replan()], surroundings: [paused, resumed] }],
    ['its send window had closed before it could leave', { decisions: [accepted, replan({}, EIGHT + 13 * HOUR_MS)] }],
    ['its send window had closed while it was held', {
      decisions: [accepted, replan({}, EIGHT + 13 * HOUR_MS)],
      surroundings: [decision('tenant_paused', NOON + 1, { subjectId: TENANT }), decision('tenant_resumed', EIGHT + 13 * HOUR_MS, { subjectId: TENANT })],
    }],
    ['a quiet hour or an event date it was planned by changed', { decisions: [accepted, replan()] }],
    ['the inviter moved the party', { decisions: [accepted, replan({ cause: 'the inviter moved the party' })] }],
  ])('%s', (reason, sample) => {
    expect(why(sample, EIGHT + 24 * HOUR_MS)).toBe(reason);
  });

  test('each plan is held against the one before it, not against the first', () => {
    const story = tell({ decisions: [accepted, replan({ planVersion: 3 }), replan({ planVersion: 3, zones: ['Asia/Seoul'] }, NOON + 2 * HOUR_MS)] });
    expect(story.entries.filter(({ kind }) => kind === 'planned_again').map(({ title }) => title.replace(/: .*/, ''))).toEqual([
      'Planned again because the send rules changed (version 2 to 3)', 'Planned again because the recipient\'s time zone changed from Asia/Tokyo to Asia/Seoul',
    ]);
  });

  test('a reminder\'s plan is not held against the invitation\'s', () => {
    const story = tell({ decisions: [accepted, replan({}, EIGHT + 100 * HOUR_MS)], messages: [message(0, 'handed_off', EIGHT)], invite: { state: 'handed_off', step: 1 } });
    expect(titleOf(story, 'planned_again')).toMatch(/^Planned again because something it was planned by changed, or its send window had closed: reminder 1 /);
  });

  test('no moment left means refused for an invitation, and let go for a reminder', () => {
    const none = decision('no_time_left', EIGHT + HOUR_MS, { inputs: { zones: ['Asia/Tokyo'], sendAt: null, permittedUntil: null, planVersion: 3 } });
    const refused = tell({ decisions: [accepted, none], invite: { state: 'refused', reason: 'no_permitted_time', step: null, dueAt: null } });
    expect(titleOf(refused, 'no_time_left')).toMatch(/no permitted moment is left for the invitation, so it is refused and nothing is sent\.$/);
    expect(kindsOf(refused)).toEqual(['accepted', 'planned', 'no_time_left']);
    const letGo = tell({ decisions: [accepted, none], messages: [message(0, 'handed_off', EIGHT)], invite: { state: 'handed_off', step: null } });
    expect(titleOf(letGo, 'no_time_left')).toMatch(/no permitted moment is left for reminder 1, so it is let go\.$/);
  });
});

describe('sending', () => {
  test('a hand-off is one entry with its receipt, attempt, epoch and our own Message-ID; the reminder follows it', () => {
    const story = tell({
      invite: { state: 'handed_off', step: 1, dueAt: EIGHT + 72 * HOUR_MS }, messages: [message(0, 'handed_off', EIGHT, { receipt: '250 queued for maya@one.example' })],
    });
    expect(kindsOf(story)).toEqual(['accepted', 'planned', 'handed_off', 'reminder_planned']);
    expect(story.entries[2]).toMatchObject({
      title: 'The invitation was handed off to the mail server: “250 queued for …”.', source: { kind: 'message', id: `${INVITE}.0` },
      inputs: { attempt: 41, epoch: 7, claimedAt: '2026-06-10T22:59:59.800Z', messageId: `${INVITE}.0@kite.example`, receipt: '250 queued for …' },
    });
    expect(titleOf(story, 'reminder_planned')).toBe('Reminder 1 was planned for Sun 14 June 08:00 in Asia/Tokyo (Sat 23:00 UTC).');
  });

  test('a reminder for which no moment was left is told, one that was stopped is not said to lack a moment', () => {
    const sent = { messages: [message(0, 'handed_off', EIGHT)] };
    expect(kindsOf(tell({ ...sent, invite: { state: 'handed_off', step: null } }))).toContain('reminder_let_go');
    expect(kindsOf(tell({ ...sent, invite: { state: 'handed_off', step: null, stopReason: 'canceled' } }))).not.toContain('reminder_let_go');
    expect(kindsOf(tell({ ...sent, invite: { state: 'handed_off', step: null }, program: { remindersAfterHours: [] } }))).not.toContain('reminder_let_go');
  });

  test('a lost sender, and the late record that tells the truth, are two entries', () => {
    const story = tell({ invite: { state: 'handed_off', step: null }, messages: [message(0, 'handed_off', EIGHT + 20_000, { fencedAt: EIGHT + 15_000 })], program: { remindersAfterHours: [] } });
    expect(kindsOf(story)).toEqual(['accepted', 'planned', 'unknown', 'handed_off']);
    expect(titleOf(story, 'handed_off')).toBe('The invitation was handed off after all: the older sender\'s record came late.');
  });

  test('an own record that came after the evidence does not make the message unknown', () => {
    const settled = decision('settled_by_evidence', EIGHT + 10, { inputs: { step: 0, eventId: 'esp-1', event: 'delivered' } });
    const told = (closedAt: number | null): string[] => kindsOf(tell({ invite: { state: 'handed_off', step: null }, program: { remindersAfterHours: [] }, decisions: [accepted, settled], messages: [message(0, 'handed_off', EIGHT + 10, { closedAt })] }));
    expect(told(EIGHT + 20)).toEqual(['accepted', 'planned', 'handed_off']);
    expect(told(null)).toEqual(['accepted', 'planned', 'handed_off']);
    expect(told(EIGHT)).toEqual(['accepted', 'planned', 'unknown', 'handed_off']);
  });

  test('what is on the wire is told as claimed', () => {
    const story = tell({ claim: { attemptId: 41, epoch: 7, claimedAt: EIGHT } }, EIGHT + 1000);
    expect(kindsOf(story)).toEqual(['accepted', 'planned', 'claimed']);
    expect(story.now).toMatchObject({ state: 'sending', nextAt: null });
    expect(story.now.waitsFor).toMatch(/^on the wire since Thu 11 June 08:00 in Asia\/Tokyo \(Wed 23:00 UTC\): /);
  });
});

describe('what came back', () => {
  test('openings are told with whether they count and why not, never with who it was; beyond the first hundred by number', () => {
    const openings = [touch(EIGHT, 'preview'), touch(EIGHT + 1), touch(EIGHT + 2, 'repeat'), touch(EIGHT + 3, null, 'view')];
    const story = tell({ touches: openings, touchCount: 9 });
    expect(story.entries.slice(2).map(({ kind, inputs }) => [kind, inputs])).toEqual([
      ['clicked', { counted: false, whyNot: 'preview' }], ['clicked', { counted: true }], ['clicked', { counted: false, whyNot: 'repeat' }], ['viewed', { counted: true }], ['clicked', { openings: 9 }],
    ]);
    expect(story.entries.at(-1)?.title).toBe('5 more openings of the link came later and are not listed.');
  });

  test('a sign-up is told with the click it came by, and what it closed', () => {
    const click = touch(EIGHT + HOUR_MS);
    const event = { eventId: 'e-1', type: 'signed_up', memberId: NEWCOMER, touchId: click.id, occurredAt: EIGHT + 2 * HOUR_MS, receivedAt: EIGHT + 3 * HOUR_MS };
    const joined = decision('joined', EIGHT + 3 * HOUR_MS, { actor: 'signed_up', inputs: { memberId: NEWCOMER, cause: 'signed_up', was: 'on_the_wire' } });
    const story = tell({ invite: { state: 'joined', step: null, dueAt: null }, decisions: [accepted, joined], touches: [click], events: [event] });
    expect(kindsOf(story)).toEqual(['accepted', 'planned', 'clicked', 'event', 'joined']);
    expect(titleOf(story, 'event')).toBe(`The app reported the sign-up of member ${NEWCOMER}, with click ${click.id}.`);
    expect(titleOf(story, 'joined')).toBe(`Joined: the recipient is member ${NEWCOMER} now, by a sign-up that came with click ${click.id}; what is on the wire goes on, and nothing follows it.`);
  });
});

describe('ends', () => {
  test('expiry is told by its time, with whether anything had left', () => {
    const unsent = tell({ invite: { state: 'expired', step: null, dueAt: null } });
    expect(unsent.entries.at(-1)).toMatchObject({ kind: 'expired', at: NOON + 14 * 24 * HOUR_MS, title: 'Its time was up before it could leave; nothing was sent.' });
    expect(titleOf(tell({ invite: { state: 'expired', step: null, dueAt: null }, messages: [message(0, 'handed_off', EIGHT)] }), 'expired')).toBe('Its time is up: nobody joined through it in time.');
  });

  test('an end no row tells of is still told, and says that its time is not exact', () => {
    const story = tell({
      invite: { state: 'refused', reason: 'suppressed', step: null, dueAt: null },
      suppressions: [{ id: 'sup_1', reason: 'unsubscribe', createdAt: EIGHT, liftedAt: null }],
    });
    expect(story.entries.at(-1)).toMatchObject({ kind: 'refused', at: EIGHT, inputs: { reason: 'suppressed', suppressionId: 'sup_1', suppressedBecause: 'unsubscribe' }, source: { kind: 'invite', id: INVITE } });
    expect(story.entries.at(-1)?.rule).toContain('it came at this time or later');
  });

  test('canceling says whether it was in time', () => {
    const title = (state: 'canceled' | 'waiting' | 'handed_off', messages = [message(0, 'handed_off', EIGHT)]): string =>
      titleOf(tell({ invite: { state }, messages, decisions: [accepted, decision('canceled', EIGHT + 1)] }), 'canceled');
    expect([title('canceled', []), title('waiting', []), title('handed_off')]).toEqual([
      'Canceled before it left.', 'Canceled while it was on the wire: nothing follows it.', 'Canceled after it had left: its reminders stop.',
    ]);
  });
});

describe('holds', () => {
  const of = (kind: string, when: number, inputs: Record<string, unknown> = {}) => decision(kind, when, { subjectId: kind.startsWith('program') ? PROGRAM : TENANT, inputs });

  test('pauses, stops, their ends and new rules are told while it waits; other channels and other terms are not', () => {
    const story = tell({
      surroundings: [
        of('hard_stop_set', NOON + 1, { channel: 'email', reason: 'wrong price' }), of('hard_stop_set', NOON + 2, { channel: 'sms', reason: 'x' }), of('hard_stop_lifted', NOON + 3, { channel: 'email' }),
        of('program_changed', NOON + 4, { version: 2, rulesVersion: 2, changed: ['sendRules'] }), of('program_changed', NOON + 5, { version: 3, rulesVersion: 2, changed: ['copy'] }),
        of('tenant_changed', NOON + 6, { rulesVersion: 4, changed: ['zone'] }), of('tenant_created', NOON + 7),
      ],
    });
    expect(story.entries.slice(2).map(({ kind, title }) => [kind, title])).toEqual([
      ['held', 'Hard stop of the channel (wrong price). Nothing leaves until it is lifted.'], ['released', 'The hard stop was lifted.'],
      ['rules_changed', 'The program\'s send rules changed (now version 2); what waits is planned again.'], ['rules_changed', 'The tenant\'s send rules changed (now version 4); what waits is planned again.'],
    ]);
  });

  test('of those from before it was accepted, only what still held it then', () => {
    const before = (end: number): string[] => kindsOf(tell({ surroundings: [of('program_paused', NOON - 9), of('program_resumed', NOON - 5), of('tenant_paused', NOON - 3), of('tenant_resumed', end)] }));
    expect(before(NOON - 1)).toEqual(['accepted', 'planned']);
    expect(before(NOON + 1)).toEqual(['held', 'accepted', 'planned', 'released']);
  });

  test('none that came after its end', () => {
    expect(kindsOf(tell({ invite: { state: 'canceled', step: null, dueAt: null }, decisions: [accepted, decision('canceled', NOON + 5)], surroundings: [of('tenant_paused', NOON + 6)] }))).toEqual(['accepted', 'planned', 'canceled']);
  });

  test('a hold in force of which no decision tells is told from its row', () => {
    const story = tell({ program: { pausedAt: NOON + 5 }, tenant: { pausedAt: NOON - 5 }, hardStop: { reason: 'ask maya@one.example', since: NOON + 9 }, surroundings: [of('program_paused', NOON + 5)] });
    expect(story.entries.map(({ kind, source }) => [kind, source.kind])).toEqual([['held', 'tenant'], ['accepted', 'decision'], ['planned', 'decision'], ['held', 'decision'], ['held', 'hard_stop']]);
    expect(JSON.stringify(story)).not.toContain('maya');
  });
});

test('a decision of a kind nobody taught the story is told by its own words, and nothing personal in it', () => {
  const story = tell({ decisions: [accepted, decision('moon_phase_checked', NOON + 1, { rule: 'not at full moon, said maya@one.example', inputs: { email: 'maya@one.example', phase: 0.4, seenAt: NOON } })] });
  expect(story.entries.at(-1)).toMatchObject({ kind: 'decided', title: 'Moon phase checked.', rule: 'Not at full moon, said …', inputs: { email: '…', phase: 0.4, seenAt: '2026-06-10T12:00:00.000Z' } });
});

test('entries of one instant stand in the order of cause and effect', () => {
  const joined = decision('joined', NOON, { inputs: { memberId: MEMBER, was: 'closed' } });
  const story = tell({ invite: { state: 'joined', step: null, dueAt: null }, decisions: [joined, accepted], messages: [message(0, 'handed_off', NOON)], touches: [touch(NOON)] });
  expect(kindsOf(story)).toEqual(['accepted', 'planned', 'handed_off', 'clicked', 'joined']);
  expect(story.entries[0]?.source).toEqual({ kind: 'decision', id: accepted.id });
});
