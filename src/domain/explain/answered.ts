import { given, type StoryEntry } from './entry.ts';
import type { EventFact, StoryFacts, TouchFact } from './facts.ts';
import { redactId, redactText } from './redact.ts';
import { sayCode } from './say-code.ts';

/** What came back: openings of the invite's link and what the app reported of them. Of visitors nothing is told. */
export function answeredEntries(facts: StoryFacts): StoryEntry[] {
  return [...facts.touches.map(touchEntry), ...moreTouches(facts), ...facts.events.map(eventEntry)];
}

function touchEntry({ id, kind, whyNot, at }: TouchFact): StoryEntry {
  const source = { kind: 'touch' as const, id };
  if (kind === 'view') {
    return {
      at, kind: 'viewed', source, actor: 'app', inputs: given({ counted: whyNot === null, whyNot }), rule: 'Views are counted apart from clicks.',
      title: `The app reported that the link was seen${whyNot === null ? '' : `, which does not count: ${sayCode(whyNot)}`}.`,
    };
  }
  return {
    at, kind: 'clicked', source, actor: 'visitor',
    title: whyNot === null ? 'The link was clicked; it counts.' : `The link was opened, which does not count: ${sayCode(whyNot)}.`,
    rule: whyNot === null ? 'A person\'s click counts, once an hour.' : 'Every opening is kept; only a person\'s click counts, once an hour.',
    inputs: given({ counted: whyNot === null, whyNot }),
  };
}

function moreTouches({ touches, touchCount, invite }: StoryFacts): StoryEntry[] {
  const last = touches.reduce<TouchFact | null>((latest, touch) => (latest === null || touch.at >= latest.at ? touch : latest), null);
  const more = touchCount - touches.length;
  if (last === null || more <= 0) return [];
  return [{
    at: last.at, kind: 'clicked', actor: 'visitor', source: { kind: 'touch', id: last.id },
    title: `${String(more)} more ${more === 1 ? 'opening' : 'openings'} of the link came later and ${more === 1 ? 'is' : 'are'} not listed.`,
    rule: 'A story lists the first openings only; the link\'s own page counts them all.',
    inputs: given({ openings: touchCount, linkCode: invite.linkCode }),
  }];
}

function eventEntry({ eventId, type, memberId, touchId, occurredAt, receivedAt }: EventFact): StoryEntry {
  const id = redactId(eventId);
  const who = memberId === null ? '' : ` of member ${memberId}`;
  const through = touchId === null ? '' : `, with click ${touchId}`;
  return {
    at: occurredAt,
    kind: 'event',
    title: type === 'signed_up' ? `The app reported the sign-up${who}${through}.` : `The app reported “${redactText(type)}”${who}${through}.`,
    rule: 'An event is stored once by its id and counts by its own time, however late it comes.',
    inputs: given({ eventId: id, type: redactText(type), memberId, clickId: touchId, receivedAt }),
    actor: 'app',
    source: { kind: 'event', id },
  };
}
