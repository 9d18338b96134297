import { z } from 'zod';
import { findMember, listTransfers } from '../../db/read/ledger.ts';
import { readTotals } from '../../db/read/ledger-totals.ts';
import { decimalText } from '../domain/money/decimal-text.ts';
import { isId } from '../domain/ids.ts';
import { idOut, instantOut, iso } from './fields.ts';
import { accountKind, decimalOut, minorOut, unitOut } from './ledger-body.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { readSpan, spanQuery, standingOut, statementLine, unitStandings, type StatementLine } from './statement-body.ts';
import { memberStatementFile, tenantStatementFile } from './statement-file.ts';

const tag = 'Ledger';
const LINES = 'statement-lines';

const lineOut = z.object({
  sequence: z.int(),
  bookedAt: instantOut,
  what: z.string().meta({ description: 'What happened, for people' }),
  unit: unitOut,
  change: standingOut.meta({ description: 'What it added to or took from each, in minor units' }),
  rewardId: idOut('rew').nullable(),
  payoutId: idOut('pyt').nullable(),
});

const ofMember = route({
  method: 'get',
  path: '/v1/members/{id}/statement',
  tag,
  summary: 'Show what a member earned, is owed and must give back',
  description: 'By unit: what stood at the beginning, a line for each booking with what it means, what stands at the end. `id` is your own id of the member, or ours. Every page carries the sums; `format=csv` is the whole in one file.',
  params: z.strictObject({ id: z.string().meta({ description: 'Your own id of the member, or its `mbr_` id' }) }),
  query: z.strictObject({ ...spanQuery, ...pageQuery }),
  body: none,
  keyed: false,
  alsoCsv: true,
  answers: {
    200: pageOf(lineOut).extend({
      memberId: idOut('mbr'),
      externalId: z.string(),
      from: instantOut,
      to: instantOut,
      units: z.array(z.object({ unit: unitOut, opening: standingOut, closing: standingOut })),
    }).meta({ id: 'MemberStatement' }),
  },
  problems: ['not_found', 'invalid_request', 'invalid_cursor'],
  async handle({ tx, tenantId, now, services, params: { id }, query: { limit, cursor, format, ...asked } }) {
    const span = readSpan(asked, now);
    if ('kind' in span) return span;
    const after = readCursor(LINES, cursor, ([place = '', ...more]) => /^\d{1,15}$/.test(place) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const member = await findMember(tx, tenantId, isId('mbr', id) ? { id } : { externalId: id });
    if (member === null) return problem('not_found');
    const units = unitStandings(await readTotals(tx, tenantId, { ownerId: member.id, ...span }));
    if (format === 'csv') return { status: 200, body: memberStatementFile(services, { ...span, tenantId, memberId: member.id, units }) };
    const rows = await listTransfers(tx, tenantId, { after: Number(after?.[0] ?? 0), limit: limit + 1 }, { ownerId: member.id, ...span });
    const lines = makePage(LINES, rows, limit, { item: (row) => lineBody(statementLine(member.id, row)), after: ({ sequence }) => [String(sequence)] });
    return { status: 200, body: { memberId: member.id, externalId: member.externalId, from: iso(span.fromAt), to: iso(span.untilAt), units, ...lines } };
  },
});

function lineBody({ bookedAt, ...line }: StatementLine) {
  return { ...line, bookedAt: iso(bookedAt) };
}

const ofTenant = route({
  method: 'get',
  path: '/v1/ledger/statement',
  tag,
  summary: 'Sum up the books over a span of time',
  description: 'By unit and kind of account: what stood at the beginning, what came and went, what stands at the end. `format=csv` is every transfer of the span in one file; as JSON they are at `/v1/ledger/transfers`.',
  params: none,
  query: z.strictObject(spanQuery),
  body: none,
  keyed: false,
  costs: { flow: 'previews' },
  alsoCsv: true,
  answers: {
    200: z.object({
      from: instantOut,
      to: instantOut,
      accounts: z.array(z.object({
        kind: accountKind, unit: unitOut, openingMinor: minorOut, debitsMinor: minorOut, creditsMinor: minorOut, closingMinor: minorOut, closing: decimalOut,
      })).meta({ description: '`closing = opening + credits - debits`; all closings of a unit sum to 0' }),
    }).meta({ id: 'LedgerStatement' }),
  },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, now, services, query: { format, ...asked } }) {
    const span = readSpan(asked, now);
    if ('kind' in span) return span;
    if (format === 'csv') return { status: 200, body: tenantStatementFile(services, { ...span, tenantId }) };
    const totals = await readTotals(tx, tenantId, { ownerId: null, ...span });
    return { status: 200, body: { from: iso(span.fromAt), to: iso(span.untilAt), accounts: totals.map((total) => ({ ...total, closing: decimalText(total.closingMinor, total.unit) })) } };
  },
});

export const statementRoutes: readonly Route[] = [ofMember, ofTenant];
