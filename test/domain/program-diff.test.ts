import { changedFields, diffVersions } from '../../src/domain/program/diff-versions.ts';
import type { VersionContent } from '../../src/domain/program/diff-versions.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';

const base: VersionContent = { title: 'Kites', terms: inviteDefinition.defaultTerms };
const changed = (terms: Partial<VersionContent['terms']>): VersionContent => ({ ...base, terms: { ...base.terms, ...terms } });
const paths = (before: VersionContent, after: VersionContent) => diffVersions(before, after).map(({ path }) => path);

test('a version differs from itself in nothing', () => {
  expect(diffVersions(base, { ...base, terms: { ...base.terms } })).toEqual([]);
  expect(changedFields(base, base)).toEqual([]);
});

test('lists of objects are compared by position, in its order also beyond the tenth; other lists as a whole', () => {
  const reminders = (hours: readonly number[]) => changed({ reminders: hours.map((afterHours) => ({ afterHours })) });
  const twelve = Array.from({ length: 12 }, (_, n) => n + 1);
  expect(paths(reminders(twelve), reminders(twelve.map((hours) => hours + 1)))).toEqual(twelve.map((_, n) => `/terms/reminders/${String(n)}/afterHours`));
  expect(paths(reminders([1, 2]), reminders([1]))).toEqual(['/terms/reminders/1']);
  expect(diffVersions(changed({ consentBases: ['opt_in'] }), changed({ consentBases: ['opt_in', 'inviter_attested'] }))).toEqual([
    { path: '/terms/consentBases', before: ['opt_in'], after: ['opt_in', 'inviter_attested'], binds: 'at_acceptance' },
  ]);
});

test('a diff backwards is the same with before and after changed over', () => {
  const other = { ...changed({ copy: { subject: 'Come', locales: { 'pt-BR': { subject: 'Vem' } } }, coolingHours: 1 }), title: 'Other' };
  expect(diffVersions(other, base)).toEqual(diffVersions(base, other).map(({ path, before, after, binds }) => ({ path, before: after, after: before, binds })));
});

test('a name with a slash or a tilde keeps its place (RFC 6901)', () => {
  const odd = (hour: string) => changed({ copy: { locales: { 'a/b~c': { subject: hour } } } });
  expect(paths(odd('1'), odd('2'))).toEqual(['/terms/copy/locales/a~1b~0c/subject']);
});

test('the fields that differ are told without what is inside them', () => {
  expect(changedFields(base, { ...changed({ copy: { subject: 'a', heading: 'b' }, coolingHours: 1 }), title: 'Other' })).toEqual(['/title', '/terms/coolingHours', '/terms/copy']);
});
