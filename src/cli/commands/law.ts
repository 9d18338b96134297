import { z } from 'zod';
import { listLawEditions, loadLawBook, loadLawVersion } from '../../../db/read/law-book.ts';
import { publishLaw } from '../../../db/write/publish-law.ts';
import { compareLaw } from '../../domain/law/compare-law.ts';
import { LAW_CHANNELS, lawBookProblems, readLawBook } from '../../domain/law/law-book.ts';
import { lawFor } from '../../domain/law/law-for.ts';
import { hoursText } from '../../domain/law/law-table.ts';
import { readPlace } from '../../domain/law/known-places.ts';
import type { Command } from '../command.ts';
import { command, done, failed } from '../command.ts';
import type { Context } from '../context.ts';
import { actor, flag, list, noFields, text, value } from '../fields.ts';
import { count, table } from '../text/table.ts';
import { iso, readable } from '../text/time.ts';

const SHIPPED = 'src/domain/law/law-book.json';
const oneFile = z.strictObject({ file: value('file', 'a law book as JSON, see docs/law.md; - reads standard input', text) });
const NO_ADVICE = 'This is not legal advice: see docs/law.md.';

const show = command({
  name: 'law show',
  summary: 'show the rules of law in force, all or those for one recipient',
  description: 'Shows the rules that bind where the recipient may be, by channel. Several places are candidates: the rules of all count together. Without a place every rule is shown that any recipient may meet.',
  examples: [
    { line: 'npx flywheel law show --place US-FL --channel sms', does: 'a text to Florida' },
    { line: 'npx flywheel law show --place US --channel push --minor --json', does: 'a push notification to a minor somewhere in the United States' },
  ],
  args: noFields,
  options: z.strictObject({
    place: list('place', 'a country such as FR or a part of one such as US-FL (ISO 3166)'),
    channel: value('channel', `${LAW_CHANNELS.join(', ')}; left out: any of them`, z.enum(LAW_CHANNELS, `must be one of ${LAW_CHANNELS.join(', ')}`).optional()),
    minor: flag('the recipient is known to be a minor'),
  }),
  async run({ context, options: { place = [], channel, minor } }) {
    const places = place.map(readPlace);
    const unknown = place.filter((_, index) => places[index] === null);
    if (unknown.length > 0) return failed(`Nobody knows a place ${unknown.join(', ')}.`, 'Give ISO 3166 codes: FR, US, US-FL, CA-QC.');
    const { version, book } = await lawInForce(context);
    const asked = { places: places.flatMap((known) => known ?? []), isMinor: minor || (place.length === 0 && channel === undefined) };
    const ids = new Set(lawFor(book, channel === undefined ? { ...asked, channel: 'email', scope: 'every_channel' } : { ...asked, channel, scope: 'as_written' }).ruleIds);
    return done({ version, edition: book.edition, rules: book.rules.filter((rule) => ids.has(rule.id)) });
  },
  text: ({ version, edition, rules }) => [
    `Edition ${edition} (version ${String(version)}). ${NO_ADVICE}`,
    ...(rules.length === 0 ? ['No rule of law binds here.'] : rules.map((rule) =>
      [`${rule.id}: ${rule.title}, ${rule.channels.join(' ')}${rule.audience === 'minors' ? ', minors' : ''}`, `  ${hoursText(rule)}`, `  ${rule.source.title}  ${rule.source.url}`,
        ...(rule.note === undefined ? [] : [`  ${rule.note}`])].join('\n'))),
  ].join('\n\n'),
});

const check = command({
  name: 'law check',
  summary: 'judge a law book, and tell what publishing it would change',
  description: 'Reads a law book from a file, tells every problem with its path, and compares it with the edition in force. It changes nothing. Exit code 1 where it cannot be published.',
  examples: [{ line: `npx flywheel law check ${SHIPPED}`, does: 'the one that ships, against the one in force' }],
  args: oneFile,
  options: noFields,
  async run({ context, args: { file } }) {
    const given = await readBook(context, file);
    if (given.kind === 'failed') return given;
    const { version, book } = await lawInForce(context);
    const problems = lawBookProblems(given.value);
    const changes = problems.length > 0 ? null : compareLaw(book, readLawBook(given.value));
    return done({ usable: problems.length === 0, problems, inForce: { version, edition: book.edition }, changes }, problems.length > 0);
  },
  text: ({ problems, inForce, changes }) => [
    ...problems,
    ...(changes === null ? [`It cannot be published: ${count(problems.length, 'problem')}.`] : [
      `It can be published over edition ${inForce.edition} (version ${String(inForce.version)}): ${count(changes.added.length, 'rule')} added, ${String(changes.changed.length)} changed, ${String(changes.removed.length)} removed.`,
      ...changes.added.map((id) => `  + ${id}`), ...changes.changed.map((id) => `  ~ ${id}`), ...changes.removed.map((id) => `  - ${id}`),
    ]),
  ].join('\n'),
});

const publish = command({
  name: 'law publish',
  summary: 'put an edition of the law in force',
  description: 'Publishes a law book for all tenants, as the owner. What waits is planned again by it, tenant by tenant, and each tenant\'s audit says so. Publishing the same file again changes nothing and finishes what was interrupted.',
  examples: [{ line: `npx flywheel law publish ${SHIPPED} --actor ticket-42`, does: 'the edition that ships' }],
  args: oneFile,
  options: z.strictObject({ actor }),
  // Every tenant is told.
  limitMs: null,
  async run({ context, args: { file }, options: { actor: by } }) {
    const given = await readBook(context, file);
    if (given.kind === 'failed') return given;
    const owner = context.owner();
    const published = await publishLaw({ owner, app: context.app() }, given.value, { now: await context.now(owner), by });
    return published.outcome === 'refused' ? failed(published.problems.join('\n'), `Mend the file; npx flywheel law check ${file} judges it without publishing.`) : done(published);
  },
  text: ({ outcome, version, markedTenants }) =>
    `${outcome === 'published' ? 'Published as' : 'It is in force already, as'} version ${String(version)}; ${count(markedTenants, 'tenant')} ${markedTenants === 1 ? 'plans' : 'plan'} anew what waits.`,
});

const editions = command({
  name: 'law list',
  summary: 'list the editions of the law that were published',
  description: 'Lists every edition that was published, the newest first: that one is in force.',
  examples: [{ line: 'npx flywheel law list', does: 'all editions' }],
  args: noFields,
  options: noFields,
  async run({ context }) {
    const found = await listLawEditions(context.app().sql);
    return done({ editions: found.map(({ publishedAt, ...edition }) => ({ ...edition, publishedAt: iso(publishedAt) })) });
  },
  text: (result) => table(['version', 'edition', 'rules', 'published', 'by'],
    result.editions.map(({ version, edition, rules, publishedAt, publishedBy }) => [String(version), edition, String(rules), readable(publishedAt), publishedBy]))
    || 'No edition was published yet; the one that ships is in force.\n  → npx flywheel migrate',
});

async function lawInForce(context: Context) {
  const { sql } = context.app();
  const version = await loadLawVersion({ sql });
  return { version, book: await loadLawBook(sql, version) };
}

async function readBook(context: Context, file: string) {
  try {
    const read: unknown = JSON.parse(await context.readText(file));
    return { kind: 'read' as const, value: read };
  } catch (error) {
    return failed(error instanceof SyntaxError ? `${file} is no JSON: ${error.message}` : `The file ${file} cannot be read.`, 'Name a law book as JSON; docs/law.md says what it holds.');
  }
}

export const lawCommands: readonly Command[] = [show, check, publish, editions];
