import { z } from 'zod';
import type { ImportView } from '../../db/read/imports.ts';
import { columnNames, IMPORT_KINDS, REFUSAL_COLUMNS } from '../domain/import/columns.ts';
import { IMPORT_LIMITS, REFUSED_ROWS_KEPT_MS } from '../domain/import/limits.ts';
import { IMPORT_REASONS, ROW_REFUSALS } from '../domain/import/refusals.ts';
import { IMPORT_STATES } from '../domain/import/states.ts';
import { idOut, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { memberIdIn } from './link-body.ts';

const said = (table: Readonly<Record<string, string>>): string => Object.entries(table).map(([code, say]) => `\`${code}\`: ${say}`).join(' ');
const named = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

export const importQuery = z.strictObject({
  kind: z.enum(IMPORT_KINDS).meta({ description: 'What the rows are' }),
  programId: z.string().max(40).optional().meta({ description: 'Of invitees: the program that they are invited to' }),
  inviterMemberId: memberIdIn.optional().meta({ description: 'Of invitees: the member who invites. Without an inviter the tenant itself invites' }),
  inviterExternalId: textIn(200).optional().meta({ description: 'The inviting member by your own id, instead of `inviterMemberId`' }),
}).superRefine((query, context) => {
  const wrong = (path: string, message: string): void => { context.addIssue({ code: 'custom', path: [path], message }); };
  if (query.kind === 'invitees' && query.programId === undefined) wrong('programId', 'Name the program that they are invited to');
  if (query.inviterMemberId !== undefined && query.inviterExternalId !== undefined) wrong('inviterExternalId', 'Name the inviter by inviterMemberId or by inviterExternalId, not by both');
  if (query.kind !== 'members') return;
  for (const field of ['programId', 'inviterMemberId', 'inviterExternalId'] as const) if (query[field] !== undefined) wrong(field, 'Members are not invited: leave this out');
});

export type ImportQuery = z.output<typeof importQuery>;

export const importIn = z.string().min(1).meta({
  description: `A file of comma-separated values (RFC 4180) in UTF-8, with or without a byte order mark; up to ${String(IMPORT_LIMITS.bytes / 1_048_576)} MB and ${IMPORT_LIMITS.rows.toLocaleString('en')} rows. The first row names the columns. `
    + `Of members: ${named(columnNames('members'))}; of invitees: ${named(columnNames('invitees'))}, each as in JSON. An empty cell says nothing. Ranges are written \`22:00-08:00\`, several ranges or dates with a space between. `
    + `${named(REFUSAL_COLUMNS)} are passed over, so that refused rows can be corrected and sent again as they were fetched.`,
  examples: ['externalId,email,name,zone,quietHours,attributes.plan\r\nuser-1,ana@example.com,Ana,America/Sao_Paulo,22:00-08:00,pro\r\nuser-2,ben@example.com,Ben,Europe/Berlin,,\r\n'],
});

const count = z.number().int().min(0);

export const importOut = z.object({
  id: idOut('imp'),
  kind: z.enum(IMPORT_KINDS),
  state: z.enum(IMPORT_STATES).meta({ description: '`receiving` while the file comes in, `queued` until its run begins, `running`; then `completed`, `failed` or `canceled`' }),
  reason: z.string().nullable().meta({ description: `Why it failed, or what it waits for. ${said(IMPORT_REASONS)}` }),
  programId: z.string().nullable(),
  memberId: z.string().nullable().meta({ description: 'The inviting member' }),
  rows: z.object({ total: count, accepted: count, refused: count, left: count }).meta({ description: 'Rows below the header. `left`: not yet looked at, or never reached by an import that ended early' }),
  batchIds: z.array(idOut('bat')).meta({ description: 'The batches of invites it made, of up to 1,000 each' }),
  createdAt: instantOut,
  startedAt: instantOut.nullable(),
  finishedAt: instantOut.nullable(),
  refusedRowsUntil: instantOut.nullable().meta({ description: 'Until when refused rows can be fetched; null while it has not ended' }),
}).meta({ id: 'Import' });

export const ROW_REASONS = said(ROW_REFUSALS);

export function importBody({ total, accepted, refused, columns: _columns, createdAt, startedAt, finishedAt, ...view }: ImportView): z.input<typeof importOut> {
  return {
    ...view,
    rows: { total, accepted, refused, left: Math.max(0, total - accepted - refused) },
    createdAt: iso(createdAt),
    startedAt: isoOrNull(startedAt),
    finishedAt: isoOrNull(finishedAt),
    refusedRowsUntil: finishedAt === null ? null : iso(finishedAt + REFUSED_ROWS_KEPT_MS),
  };
}
