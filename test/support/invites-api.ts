import { inviteRef } from '../../src/domain/ids.ts';
import type { InviteRef } from '../../src/domain/ids.ts';
import { listIn, textIn } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';

/** Makes a program of the invite loop over HTTP; answers its id. */
export async function makeProgram(api: TestApi, as: TestTenant, terms: Record<string, unknown> = {}): Promise<string> {
  return textIn((await api.send(as, 'POST', '/v1/programs', { loop: 'invite', title: 'Kite days', terms })).body, 'id');
}

/** An accepted invite: its public id, and where its row stands. */
export type Invited = { id: string; ref: InviteRef };

/** Invites these addresses over HTTP, in Paris, where the test's noon is permitted; all must be accepted. */
export async function invite(api: TestApi, as: TestTenant, programId: string, emails: readonly string[], more: Record<string, unknown> = {}): Promise<Invited[]> {
  const { body } = await api.send(as, 'POST', '/v1/invites', { programId, ...more, invitees: emails.map((email) => ({ email, zone: 'Europe/Paris', consent: { basis: 'opt_in' } })) });
  return listIn(body, 'invites').map((row) => {
    const id = textIn(row, 'id');
    const ref = inviteRef(id);
    if (row['outcome'] !== 'accepted' || ref === null) throw new Error(`not accepted: ${JSON.stringify(row)}`);
    return { id, ref };
  });
}

export type InviteRow = { state: string; reason: string | null; step: number | null; stale: boolean; dueAt: number | null; attemptId: number | null; stopReason: string | null };

/** An invite as its row stands. */
export async function inviteRow(api: TestApi, { batchId, n }: InviteRef): Promise<InviteRow | undefined> {
  const [row] = await api.database.superuser<InviteRow[]>`
    select state, reason, step, stale, due_at as "dueAt", attempt_id as "attemptId", stop_reason as "stopReason" from invites where batch_id = ${batchId} and n = ${n}`;
  return row;
}

/** The kinds of decisions about a subject, sorted. */
export async function decisionsAbout(api: TestApi, subjectId: string): Promise<string[]> {
  return (await api.database.superuser<{ kind: string }[]>`select kind from decisions where subject_id = ${subjectId} order by kind`).map(({ kind }) => kind);
}
