import type { StoryFacts } from '../../domain/explain/facts.ts';
import { capitalized } from '../../domain/explain/say-code.ts';
import type { Story } from '../../domain/explain/story.ts';
import type { ShownState } from '../../domain/explain/waits-for.ts';
import { clockFor, utcText, zonesText } from '../../domain/explain/when.ts';
import type { StoryClock } from '../../domain/explain/when.ts';
import { inviteId } from '../../domain/ids.ts';
import type { StoryPage } from './explain-shell.ts';
import { durationText, timeOf } from './explain-time.ts';
import { pairs, timeline } from './explain-timeline.ts';
import type { Tone } from './explain-timeline.ts';
import { wordsOf } from './explain-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const STATES: Readonly<Record<ShownState, { name: string; tone: Tone }>> = {
  waiting: { name: 'Waiting', tone: 'wait' },
  sending: { name: 'On the wire', tone: 'wait' },
  handed_off: { name: 'Handed off', tone: 'good' },
  unknown: { name: 'Unknown', tone: 'hold' },
  unknown_expired: { name: 'Unknown for good', tone: 'hold' },
  joined: { name: 'Joined', tone: 'good' },
  expired: { name: 'Expired', tone: 'plain' },
  refused: { name: 'Refused', tone: 'bad' },
  canceled: { name: 'Canceled', tone: 'plain' },
};

/** One invite's story as a page: its state, what it waits for, then what happened. `senderWorkflowId`: where its sender is found in Temporal. */
export function explainPage({ facts, story, now, senderWorkflowId }: { facts: StoryFacts; story: Story; now: number; senderWorkflowId: string }): StoryPage {
  const id = inviteId(facts.invite);
  const clock = clockFor(facts.recipient.zones, now);
  const isHeld = story.now.heldBy.length > 0;
  const { name, tone } = STATES[story.now.state];
  const badge = isHeld ? `${name}, held` : name;
  return {
    title: `${badge}: ${id}`,
    body: html`<section class="card now ${isHeld ? 'hold' : tone}">
<p class="top"><span class="badge">${badge}</span> <span class="soft">Invite <code>${id}</code></span></p>
<p class="eyebrow">What it waits for now</p>
${waitsForOf(story)}
${factsOf(story, clock)}
</section>
<section class="card">
<h2>What happened</h2>
<p class="soft">${clockNote(facts, clock)}</p>
${timeline(story, facts.invite.step, clock)}
</section>
<section class="card">
<h2>Where to look further</h2>
${pairs(whereToLook(facts, senderWorkflowId))}
</section>
<p class="closing">As of ${utcText(now, now)} UTC. This page opened once and is not kept: loading it again needs a new link. It holds no address, no name and nothing of visitors.</p>`,
  };
}

/** The sentence's last part, after its semicolon, is what may still come: it stands by itself. */
function waitsForOf({ now: { waitsFor } }: Story): Html {
  const at = waitsFor.lastIndexOf('; ');
  if (at === -1) return html`<h1>${wordsOf(`${capitalized(waitsFor)}.`)}</h1>`;
  return html`<h1>${wordsOf(`${capitalized(waitsFor.slice(0, at))}.`)}</h1>
<p class="then">${wordsOf(`${capitalized(waitsFor.slice(at + 2))}.`)}</p>`;
}

function factsOf({ now }: Story, clock: StoryClock): Html {
  const ended = now.state === 'refused' || now.state === 'joined' || now.state === 'canceled' || now.state === 'unknown_expired';
  if (ended) return html``;
  const inTime = (at: number): Html => (at - clock.now < 60_000 ? html`` : html`<span class="ago">in ${durationText(at - clock.now)}</span>`);
  const fact = (name: string, at: number): Html => html`<div><dt>${name}</dt><dd>${timeOf(at, clock, inTime(at))}</dd></div>
`;
  return html`<dl class="facts">
${[
    ...(now.nextAt === null || now.nextAt === now.expiresAt ? [] : [fact('Next', now.nextAt)]),
    ...(now.permittedUntil === null || now.permittedUntil === now.expiresAt || now.heldBy.length > 0 ? [] : [fact('Send permitted until', now.permittedUntil)]),
    fact(now.state === 'expired' ? 'Expired' : 'Expires', now.expiresAt),
  ]}</dl>`;
}

function clockNote({ recipient }: StoryFacts, { zones }: StoryClock): string {
  if (zones.length === 0) return 'Oldest first. No time zone is kept for the recipient: times are in UTC.';
  const source = recipient.zoneSource === null ? '' : `, ${ZONE_SOURCES[recipient.zoneSource]}`;
  if (zones.length === 1) return `Oldest first. Times are on the recipient's clock (${zonesText(recipient.zones)}${source}), with UTC.`;
  return `Oldest first. The recipient may be in any of ${String(zones.length)} zones (${zonesText(recipient.zones)}${source}): times run from the earliest to the latest clock, with UTC.`;
}

const ZONE_SOURCES = { explicit: 'named by the app', device: 'by the device', address: 'by the country', phone: 'by the phone number', tenant: 'the tenant\'s own' } as const;

function whereToLook({ invite, program, recipient }: StoryFacts, senderWorkflowId: string): (readonly [string, string])[] {
  const known = (name: string, value: string | null): (readonly [string, string])[] => (value === null ? [] : [[name, value]]);
  return [
    ['Temporal workflow', senderWorkflowId],
    ['Program', `${program.title} · ${invite.programId}, version ${String(invite.programVersion)}`],
    ['Inviter', invite.memberId ?? 'the tenant itself'],
    ...known('Repeats', invite.duplicateOf),
    ['Batch', `${invite.batchId}, place ${String(invite.n + 1)} of ${String(invite.inviteCount)}`],
    ...known('Recipient', recipient.contactId),
    ...known('Recipient as a member', recipient.memberId),
    ...known('Link', invite.linkCode),
    ['The same as JSON', `GET /v1/invites/${inviteId(invite)}/explain`],
  ];
}
