import { slotCounter, type AnswerCount } from '../../src/domain/send-time/local-slots.ts';

const at = Date.parse('2026-06-16T12:00:00Z');
const count = (more: Partial<AnswerCount> = {}): AnswerCount => ({ scope: 'a', batch: 'one', zones: ['Europe/Berlin'], sentAt: at, sent: 2, answered: 1, ...more });
const slotsOf = (counts: readonly AnswerCount[]) => {
  const counter = slotCounter('Europe/Berlin');
  counter.add(counts);
  return counter.slots();
};

test.each([
  ['Berlin', ['Europe/Berlin'], 2, 14], ['New York', ['America/New_York'], 2, 8], ['Auckland, where it is Wednesday', ['Pacific/Auckland'], 3, 0], ['Kathmandu', ['Asia/Kathmandu'], 2, 17],
  ['Honolulu', ['Pacific/Honolulu'], 2, 2], ['nowhere known: the tenant\'s hour', [], 2, 14], ['one of two zones with the same hour', ['Europe/Berlin', 'Europe/Paris'], 2, 14],
])('a message counts in the hour of its recipient\'s week: %s', (_where, zones, weekday, hour) => {
  expect(slotsOf([count({ zones })])).toEqual([{ weekday, hour, sent: 2, answered: 1, batches: 1 }]);
});

test('a recipient who may have had one hour or another is not counted', () => {
  expect(slotsOf([count({ zones: ['Europe/Berlin', 'Europe/London'] }), count({ zones: ['Mars/Phobos'] })])).toEqual([]);
});

test('Sunday is the last day of a week, and summer time is that of the day', () => {
  expect(slotsOf([count({ sentAt: Date.parse('2026-10-25T00:30:00Z') }), count({ sentAt: Date.parse('2026-10-25T01:30:00Z') })])).toEqual([{ weekday: 7, hour: 2, sent: 4, answered: 2, batches: 1 }]);
});

test('a request counts once an hour, however many rows tell of it', () => {
  const counter = slotCounter('UTC');
  counter.add([count(), count({ sentAt: at + 900_000, sent: 3, answered: 0 }), count({ batch: 'two' }), count({ sentAt: at + 3_600_000 })]);
  counter.add([count({ batch: 'three' })]);
  expect(counter.slots()).toEqual([{ weekday: 2, hour: 14, sent: 9, answered: 3, batches: 3 }, { weekday: 2, hour: 15, sent: 2, answered: 1, batches: 1 }]);
});

test('programs are counted apart and together', () => {
  const counter = slotCounter('UTC');
  counter.add([count({ scope: 'b', batch: 'two' }), count()]);
  expect(counter.scopes()).toEqual(['a', 'b']);
  expect(counter.slots('a')).toEqual([{ weekday: 2, hour: 14, sent: 2, answered: 1, batches: 1 }]);
  expect(counter.slots()).toEqual([{ weekday: 2, hour: 14, sent: 4, answered: 2, batches: 2 }]);
  expect(counter.slots('c')).toEqual([]);
});
