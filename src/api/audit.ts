import { z } from 'zod';
import { listDecisions } from '../../db/read/audit.ts';
import type { AuditPlace, AuditSubject, DecisionView } from '../../db/read/audit.ts';
import { redactInputs, redactText } from '../domain/explain/redact.ts';
import { inviteId, inviteRef, isId } from '../domain/ids.ts';
import { idOut, instantOut, iso } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const LIST = 'audit';
const LONGEST_SUBJECT = 100;

const decisionOut = z.object({
  id: idOut('dec'),
  at: instantOut,
  subjectId: z.string().meta({ description: 'What it is about: a batch, program, member, tenant, suppression, link … by its id' }),
  inviteIds: z.array(z.string()).nullable().meta({ description: 'Which invites of a batch; null: all of them, or the subject is no batch' }),
  kind: z.string().meta({ description: 'What happened: `program_paused`, `explain_opened`, `retention_changed` …' }),
  rule: z.string().meta({ description: 'By which rule, as a sentence' }),
  inputs: z.record(z.string(), z.unknown()).meta({ description: 'What the rule was given: ids, codes, figures, instants' }),
  actor: z.string().meta({ description: 'Who: a key\'s id, `sender`, `recipient`, `link_holder` …' }),
}).meta({ id: 'Decision' });

const list = route({
  method: 'get',
  path: '/v1/audit',
  tag: 'Audit',
  summary: 'List what was decided, newest first',
  description: 'Every decision that was taken for your tenant, or those about one subject: by whom, when, by which rule, from which inputs. It holds ids and figures; no address, no name. Kept for your tenant\'s `retentionMonths`.',
  params: none,
  query: z.strictObject({
    ...pageQuery,
    subjectId: z.string().min(1).max(LONGEST_SUBJECT).optional().meta({ description: 'The id of a batch, program, member, suppression, your tenant, a link\'s code, or an invite (then what concerns its whole batch is listed, too)' }),
  }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(decisionOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, subjectId } }) {
    const after = readCursor(LIST, cursor, (parts) => placeOf(parts) !== null);
    if (after === null) return problem('invalid_cursor');
    const about = subjectId === undefined ? null : subjectOf(subjectId);
    const rows = await listDecisions(tx, tenantId, { after: after === undefined ? null : placeOf(after), limit: limit + 1, about });
    return { status: 200, body: makePage(LIST, rows, limit, { item: decisionBody, after: ({ at, id }) => [String(at), id] }) };
  },
});

/** Decisions name an invite by its batch and its place there. */
function subjectOf(subjectId: string): AuditSubject {
  const ref = inviteRef(subjectId);
  return ref === null ? { subjectId, n: null } : { subjectId: ref.batchId, n: ref.n };
}

function decisionBody({ at, ns, subjectId, rule, inputs, ...decision }: DecisionView): z.input<typeof decisionOut> {
  return {
    ...decision,
    at: iso(at),
    subjectId,
    inviteIds: ns === null || !isId('bat', subjectId) ? null : ns.map((n) => inviteId({ batchId: subjectId, n })),
    rule: redactText(rule),
    inputs: { ...redactInputs(inputs) },
  };
}

function placeOf([at = '', id = '', ...more]: readonly string[]): AuditPlace | null {
  return /^\d{1,14}$/.test(at) && isId('dec', id) && more.length === 0 ? { at: Number(at), id } : null;
}

export const auditRoutes: readonly Route[] = [list];
