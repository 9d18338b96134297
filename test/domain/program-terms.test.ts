import { termsProblems } from '../../src/domain/program/terms.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';

const defaults: ProgramTerms = inviteDefinition.defaultTerms;

test('the invite program\'s default terms can be saved as they are', () => {
  expect(termsProblems(defaults)).toEqual([]);
});

test.each<[string, Partial<ProgramTerms>, RegExp]>([
  ['unusable send rules', { sendRules: { layers: [{ windows: [{ start: '09:00', end: '09:00' }] }] } }, /^sendRules\./],
  ['a broken cap', { cap: { perMemberPerDay: 1.5 } }, /^cap\.perMemberPerDay: is 1\.5; a whole number/],
  ['a cap that is no number', { cap: { perMemberPerDay: Number.NaN } }, /^cap\.perMemberPerDay/],
  ['negative cooling', { coolingHours: -1 }, /^coolingHours: is -1; 0 to/],
  ['cooling that is no number', { coolingHours: Number.NaN }, /^coolingHours: is NaN/],
  ['no life at all', { expiresAfterHours: 0 }, /^expiresAfterHours: is 0; 1 to/],
  ['a reminder at once', { reminders: [{ afterHours: 0 }] }, /^reminders\[0\]\.afterHours: is 0/],
  ['a reminder after the end', { expiresAfterHours: 72, reminders: [{ afterHours: 48 }, { afterHours: 24 }] }, /^reminders: the last would come 72 hours after/],
  ['six reminders', { reminders: Array.from({ length: 6 }, () => ({ afterHours: 1 })) }, /^reminders: has 6; at most 5/],
  ['a long event buffer', { eventBufferDays: 61 }, /^eventBufferDays: is 61/],
  ['unknown placeholders', { copy: { subject: '{{nobody}}' } }, /^copy\.subject: the placeholder \{\{nobody\}\}/],
])('%s is refused before it is saved, with its path', (_name, changes, problem) => {
  const problems = termsProblems({ ...defaults, ...changes });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(problem);
});
