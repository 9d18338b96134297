import type { Keyring } from '../../src/config/keyring.ts';
import { inviteId, type MemberId, type ProgramId, type TenantId } from '../../src/domain/ids.ts';
import { CONSENT_BASES } from '../../src/domain/invite/refusal-reasons.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { unsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';
import { writeInvite } from '../../src/domain/message/write-invite.ts';
import { peakInForce } from '../../src/domain/program/peak-times.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';
import type { Tx } from '../../db/client.ts';
import { loadPeople, loadProgramVersions, loadSender, type Person, type PinnedProgram, type SendingTenant } from '../../db/read/message-context.ts';
import type { ClaimedMessage } from '../../db/write/claim-group.ts';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import type { RulesOfToday } from '../../db/write/plan-for.ts';
import { findLoop } from '../../workflows/registry.ts';

/** All that a claimed group's messages are made of. */
export type GroupContext = {
  tenant: SendingTenant;
  programs: ReadonlyMap<string, PinnedProgram>;
  people: ReadonlyMap<string, Person>;
};

/** Reads what the group needs and makes sure that each message's link exists before it can leave. */
export async function prepareGroup(tx: Tx, keyring: Keyring, tenantId: TenantId, messages: readonly ClaimedMessage[], now: number): Promise<GroupContext> {
  const [tenant, programs, people] = await Promise.all([
    loadSender(tx, tenantId),
    loadProgramVersions(tx, messages),
    loadPeople(tx, messages),
  ]);
  const links = messages.filter((message) => message.step === 0).map((message) => ({
    code: inviteCode(keyring, message),
    batchId: message.batchId,
    n: message.n,
    memberId: message.memberId,
    destination: destinationOf(tenant, programs.get(versionKey(message))),
    utm: { source: 'flywheel', medium: 'email', campaign: message.programId },
  }));
  await insertInviteLinks(tx, links, tenantId, now);
  return { tenant, programs, people };
}

export function versionKey(of: { programId: ProgramId; programVersion: number }): string {
  return `${of.programId} ${String(of.programVersion)}`;
}

function destinationOf(tenant: SendingTenant, program: PinnedProgram | undefined): string {
  if (program?.terms.destination !== undefined) return program.terms.destination;
  const host = tenant.allowedDestinations[0];
  if (host === undefined) return tenant.publicUrl;
  return `${/^(localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'}://${host}/`;
}

/** What binds a program's messages now, whatever its batches pinned. */
export function rulesOfToday(tenant: SendingTenant, program: PinnedProgram): RulesOfToday {
  return {
    tenantRules: tenant.sendRules, tenantZone: tenant.zone, terms: program.currentTerms,
    law: tenant.law, lawScope: tenant.limits.lawScope ?? 'as_written', channel: program.channel,
    peak: peakInForce(program.currentTerms.peakTimes, program.learnt),
  };
}

/** Opens the sealed contact and writes the mail. Throws where a part is missing: that row is refused, not its group. */
export function composeClaimed(keyring: Keyring, tenantId: TenantId, message: ClaimedMessage, context: GroupContext): OutgoingMessage {
  const { tenant } = context;
  const program = context.programs.get(versionKey(message));
  const recipient = context.people.get(message.contactId);
  const loop = program === undefined ? null : findLoop(program.loop);
  if (program === undefined || loop === null || recipient?.emailSealed == null) throw new Error('program or contact is gone');
  return writeInvite({
    messageKey: `${inviteId(message)}.${String(message.step)}`,
    tenant,
    copy: loop.copy,
    programTitle: program.title,
    override: program.terms.copy,
    step: message.step,
    recipient: {
      address: keyring.open(tenantId, recipient.emailSealed),
      name: recipient.nameSealed === null ? null : keyring.open(tenantId, recipient.nameSealed),
      locale: recipient.locale,
      zone: recipient.zones[0],
    },
    inviter: message.memberId === null ? { kind: 'tenant' } : { kind: 'member', name: inviterName(keyring, tenantId, message.memberId, context) },
    relationship: message.relationship,
    consentBasis: CONSENT_BASES.find((basis) => basis === message.consentBasis) ?? null,
    linkPath: `/l/${inviteCode(keyring, message)}`,
    unsubscribePath: `/u/${unsubscribeToken(keyring, { tenantId, batchId: message.batchId, n: message.n })}`,
    expiresAt: message.expiresAt,
  }).email;
}

function inviterName(keyring: Keyring, tenantId: TenantId, memberId: MemberId, context: GroupContext): string | null {
  const sealed = context.people.get(memberId)?.nameSealed;
  return sealed == null ? null : keyring.open(tenantId, sealed);
}
