import type { LawRule } from '../../src/domain/law/law-book.ts';

/** A rule as it may stand in a book, with what a test cares about. */
export function lawRule(more: Partial<LawRule> = {}): LawRule {
  return {
    id: 'us-sample',
    title: 'Sample',
    places: ['US'],
    channels: ['call', 'sms'],
    audience: 'everyone',
    windows: [{ start: '08:00', end: '21:00' }],
    source: { title: 'Sample Code § 1', url: 'https://law.example/1' },
    inForceSince: '2020-01-01',
    checkedOn: '2026-11-21',
    ...more,
  };
}
