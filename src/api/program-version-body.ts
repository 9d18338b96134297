import { z } from 'zod';
import type { ProgramVersionView } from '../../db/read/program-versions.ts';
import { BINDINGS, changedFields, diffVersions } from '../domain/program/diff-versions.ts';
import type { ProgramId } from '../domain/ids.ts';
import { NAMES_NOTHING } from './field-errors.ts';
import { idOut, instantOut, iso } from './fields.ts';
import { termsOut } from './program-body.ts';

const HIGHEST_VERSION = 2_147_483_647;
const NUMBER = /^[1-9]\d{0,9}$/;

/** A version in a path: text that is no number names nothing. */
export const versionInPath = z.string().transform((text, context): number => {
  if (NUMBER.test(text) && Number(text) <= HIGHEST_VERSION) return Number(text);
  context.addIssue({ code: 'custom', message: 'This is no version', params: NAMES_NOTHING });
  return z.NEVER;
}).meta({ description: 'The number of a version, from 1' });

/** A version in a query. */
export const versionInQuery = z.string().regex(NUMBER, 'Give the number of a version, from 1').transform(Number)
  .refine((version) => version <= HIGHEST_VERSION, 'Give the number of a version, from 1');

export const versionInBody = z.int().min(1).max(HIGHEST_VERSION);

const runningInvites = z.int().meta({ description: 'Invites that something is still to become of and that keep this version\'s copy, steps and expiry' });
const actor = z.string().nullable().meta({ description: 'Who saved it: a key\'s id; null where that is no longer kept' });

export const versionOut = z.object({
  version: z.int(),
  title: z.string(),
  createdAt: instantOut,
  actor,
  changed: z.array(z.string()).meta({ description: 'What differs from the version before: `/title`, `/terms/copy` …; empty for the first' }),
  isCurrent: z.boolean(),
  runningInvites,
}).meta({ id: 'ProgramVersion' });

export const versionWithTermsOut = z.object({ ...versionOut.shape, programId: idOut('prg'), terms: termsOut }).meta({ id: 'ProgramVersionWithTerms' });

export type VersionFacts = { currentVersion: number; running: ReadonlyMap<number, number> };

/** A version as a list shows it; `before` is the one it replaced. */
export function versionBody(version: ProgramVersionView, before: ProgramVersionView | undefined, { currentVersion, running }: VersionFacts) {
  return {
    version: version.version,
    title: version.title,
    createdAt: iso(version.createdAt),
    actor: version.actor,
    changed: before === undefined ? [] : changedFields(before, version),
    isCurrent: version.version === currentVersion,
    runningInvites: running.get(version.version) ?? 0,
  };
}

const valueOut = z.unknown().meta({ type: ['string', 'number', 'boolean', 'object', 'array', 'null'] });

export const diffOut = z.object({
  programId: idOut('prg'),
  from: z.int(),
  to: z.int(),
  changes: z.array(z.object({
    path: z.string().meta({ description: 'RFC 6901: `/title`, `/terms/reminders/0/afterHours`' }),
    before: valueOut.optional().meta({ description: 'Left out where there is no such place in `from`' }),
    after: valueOut.optional().meta({ description: 'Left out where there is no such place in `to`' }),
    binds: z.enum(BINDINGS).meta({
      description: '`pinned`: running invites keep what their version says. `at_once`: it binds what waits, too. `at_acceptance`: it is asked when an invite is accepted, so it binds new ones alone',
    }),
  })).meta({ description: 'Objects by field, lists of objects by position, other lists as a whole' }),
  running: z.array(z.object({ version: z.int(), runningInvites })).meta({ description: 'The versions that running invites are on, oldest first' }),
}).meta({ id: 'ProgramDiff' });

export function diffBody(programId: ProgramId, from: ProgramVersionView, to: ProgramVersionView, running: ReadonlyMap<number, number>) {
  return {
    programId,
    from: from.version,
    to: to.version,
    changes: diffVersions(from, to).map(({ path, before, after, binds }) => ({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      binds,
    })),
    running: [...running].map(([version, runningInvites]) => ({ version, runningInvites })),
  };
}
