import { sameBytes, type Keyring } from '../../src/config/keyring.ts';
import { inviteId, type InviteId, type ProgramId, type RunId, type TenantId } from '../../src/domain/ids.ts';
import { CONSENT_BASES } from '../../src/domain/invite/refusal-reasons.ts';
import { attemptToken } from '../../src/domain/link/attempt-token.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { defaultDestination } from '../../src/domain/link/default-destination.ts';
import { preferenceToken } from '../../src/domain/link/preference-token.ts';
import { unsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';
import { longDate } from '../../src/domain/message/long-date.ts';
import type { InviteContext } from '../../src/domain/message/render-invite.ts';
import { renderSms } from '../../src/domain/message/render-sms.ts';
import { letterWriter, type OwnParts } from '../../src/domain/message/write-invite.ts';
import { RUN_MESSAGE } from '../../src/domain/notice/notice-kinds.ts';
import { peakInForce } from '../../src/domain/program/peak-times.ts';
import type { OutgoingSms } from '../../src/providers/sms/outgoing-sms.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';
import type { Tx } from '../../db/client.ts';
import { loadPeople, loadProgramVersions, loadSender, loadUnitTitles, type Person, type PinnedProgram, type SendingTenant } from '../../db/read/message-context.ts';
import { loadRunsOfMails, type RunOfMail } from '../../db/read/runs-of-mails.ts';
import type { ClaimedMessage } from '../../db/write/claim-group.ts';
import { insertInviteLinks, type LinkTarget } from '../../db/write/create-link.ts';
import type { RulesOfToday } from '../../db/write/plan-for.ts';
import { findLoop } from '../../workflows/registry.ts';
import { composeNotice } from './compose-notice.ts';
import { composeRunMessage } from './compose-run-message.ts';
import { noteRecipients } from './note-recipients.ts';

/** All that a claimed group's messages are made of. */
export type GroupContext = {
  tenant: SendingTenant;
  programs: ReadonlyMap<string, PinnedProgram>;
  people: ReadonlyMap<string, Person>;
  /** Codes of the links that were made for the group. */
  codes: ReadonlyMap<InviteId, string>;
  /** What the tenant calls its own units; empty where nothing of the group names one. */
  unitTitles: ReadonlyMap<string, string>;
  /** The runs whose messages to those in them are in the group. */
  runs: ReadonlyMap<RunId, RunOfMail>;
  /** What was written so far, for further messages that say the same to others. */
  letters: Map<string, Letter>;
};

type Letter = ReturnType<typeof letterWriter>;

/** Reads what the group needs and makes sure that each message's link exists before it can leave. */
export async function prepareGroup(tx: Tx, keyring: Keyring, tenantId: TenantId, messages: readonly ClaimedMessage[], now: number): Promise<GroupContext> {
  const [tenant, programs, people, unitTitles, runs] = await Promise.all([
    loadSender(tx, tenantId),
    loadProgramVersions(tx, messages),
    loadPeople(tx, messages),
    messages.some(({ notice }) => notice !== null) ? loadUnitTitles(tx, tenantId) : new Map<string, string>(),
    loadRunsOfMails(tx, tenantId, messages.flatMap(({ notice, runId }) => (notice?.kind === RUN_MESSAGE && runId !== null ? [runId] : []))),
  ]);
  await noteRecipients(tx, keyring, tenantId, messages, people, now);
  const codes = new Map<InviteId, string>();
  const leadsTo = linkTargets(tenant, programs);
  const links = messages.filter((message) => message.step === 0).map((message) => {
    const code = inviteCode(keyring, message);
    codes.set(inviteId(message), code);
    return { code, batchId: message.batchId, n: message.n, memberId: message.memberId, runId: message.runId, leadsTo: leadsTo(message) };
  });
  await insertInviteLinks(tx, links, tenantId, now);
  return { tenant, programs, people, codes, unitTitles, runs, letters: new Map() };
}

/** One target for all invites of a program's version. */
function linkTargets(tenant: SendingTenant, programs: GroupContext['programs']): (message: ClaimedMessage) => LinkTarget {
  const made = new Map<string, LinkTarget>();
  return (message) => {
    const key = versionKey(message);
    const target = made.get(key) ?? { destination: destinationOf(tenant, programs.get(key)), utm: { source: 'flywheel', medium: message.channel, campaign: message.programId } };
    made.set(key, target);
    return target;
  };
}

export function versionKey(of: { programId: ProgramId; programVersion: number }): string {
  return `${of.programId} ${String(of.programVersion)}`;
}

function destinationOf(tenant: SendingTenant, program: PinnedProgram | undefined): string {
  return program?.terms.destination ?? defaultDestination(tenant);
}

/** What binds a program's messages now, whatever its batches pinned. */
export function rulesOfToday(tenant: SendingTenant, program: PinnedProgram): RulesOfToday {
  return {
    tenantRules: tenant.sendRules, tenantZone: tenant.zone, terms: program.currentTerms,
    law: tenant.law, lawScope: tenant.limits.lawScope ?? 'as_written',
    peak: peakInForce(program.currentTerms.peakTimes, program.learnt),
  };
}

/** Opens the sealed contact and writes the text. Throws where a part is missing: that row is refused, not its group. */
export function composeSms(keyring: Keyring, of: { tenantId: TenantId; attemptId: number; message: ClaimedMessage; context: GroupContext; now: number }): OutgoingSms {
  const { tenantId, attemptId, message, context, now } = of;
  const { tenant } = context;
  const { program, copy, recipient } = partsOf(message, context);
  const to = recipient.phoneSealed === null ? null : keyring.open(tenantId, recipient.phoneSealed);
  // What was checked at the claim is this number; the contact may have got another one since.
  if (to === null || !sameBytes(keyring.hashRecipient(tenantId, to), message.recipientHash)) throw new Error('the phone is gone');
  const { text } = renderSms({
    copy,
    override: program.terms.copy,
    step: message.step,
    locale: recipient.locale,
    inviter: inviterOf(keyring, tenantId, message, context),
    inviteeName: recipient.nameSealed === null ? null : keyring.open(tenantId, recipient.nameSealed),
    tenantName: tenant.name,
    programTitle: program.title,
    linkUrl: new URL(linkPath(keyring, message, context), tenant.publicUrl).href,
    expiresAt: message.expiresAt,
    zone: recipient.zones[0] ?? tenant.zone,
  });
  return {
    to,
    text,
    // what a vendor still has in its queue when the window ends must not arrive at night
    validityMs: Math.min(message.expiresAt, message.permittedUntil ?? message.expiresAt) - now,
    attemptToken: attemptToken(keyring, { tenantId, batchId: message.batchId, n: message.n, step: message.step, attemptId }),
  };
}

function partsOf(message: ClaimedMessage, context: GroupContext) {
  const program = context.programs.get(versionKey(message));
  const recipient = context.people.get(message.contactId);
  const loop = program === undefined ? null : findLoop(program.loop);
  if (program === undefined || loop === null || recipient === undefined) throw new Error('program or contact is gone');
  if (loop.copy === null) throw new Error(`the loop ${loop.definition.key} has no words`);
  return { program, copy: loop.copy, recipient };
}

/** Opens the sealed contact and writes the mail. Throws where a part is missing: that row is refused, not its group. */
export function composeClaimed(keyring: Keyring, tenantId: TenantId, message: ClaimedMessage, context: GroupContext): OutgoingMessage {
  const own = ownPartsOf(keyring, tenantId, message, context);
  const { notice } = message;
  if (notice === null) return letterOf(keyring, tenantId, message, context)(own).email;
  const of = { ...context, program: context.programs.get(versionKey(message)), recipient: context.people.get(message.contactId) };
  return notice.kind === RUN_MESSAGE ? composeRunMessage({ ...of, keyring, tenantId, notice, run: message.runId === null ? undefined : context.runs.get(message.runId) }, own) : composeNotice({ ...of, notice }, own);
}

function ownPartsOf(keyring: Keyring, tenantId: TenantId, message: ClaimedMessage, context: GroupContext): OwnParts & { preferencePath: string } {
  const recipient = context.people.get(message.contactId);
  if (recipient === undefined || recipient.emailSealed === null) throw new Error('the address is gone');
  return {
    messageKey: `${inviteId(message)}.${String(message.step)}`,
    recipient: {
      address: keyring.open(tenantId, recipient.emailSealed),
      name: recipient.nameSealed === null ? null : keyring.open(tenantId, recipient.nameSealed),
    },
    linkPath: linkPath(keyring, message, context),
    unsubscribePath: `/u/${unsubscribeToken(keyring, { tenantId, batchId: message.batchId, n: message.n })}`,
    preferencePath: `/p/${preferenceToken(keyring, { tenantId, batchId: message.batchId, n: message.n })}`,
  };
}

/** The letter that a message's recipient gets, among others of the group: made once for all who are told the same. */
function letterOf(keyring: Keyring, tenantId: TenantId, message: ClaimedMessage, context: GroupContext): Letter {
  const { tenant } = context;
  const { program, copy, recipient } = partsOf(message, context);
  const { step, memberId, relationship, consentBasis, expiresAt } = message;
  const { locale, zones: [zone] } = recipient;
  // Of the expiry a letter shows the date alone: requests of one day share it.
  const key = JSON.stringify([versionKey(message), step, memberId, relationship, consentBasis, locale, zone, longDate(expiresAt, 'en', zone ?? tenant.zone)]);
  const known = context.letters.get(key);
  if (known !== undefined) return known;
  const letter = letterWriter({
    tenant,
    copy,
    programTitle: program.title,
    override: program.terms.copy,
    step,
    recipient: { locale, zone },
    inviter: inviterOf(keyring, tenantId, message, context),
    relationship,
    consentBasis: CONSENT_BASES.find((basis) => basis === consentBasis) ?? null,
    expiresAt,
  });
  context.letters.set(key, letter);
  return letter;
}

/** Whoever is invited into a run is shown its landing page first; all else leads on at once. */
function linkPath(keyring: Keyring, message: ClaimedMessage, context: GroupContext): string {
  return `/${message.runId !== null && message.notice === null ? 'i' : 'l'}/${codeOf(keyring, message, context)}`;
}

/** A reminder's link was made with its invitation. */
function codeOf(keyring: Keyring, message: ClaimedMessage, { codes }: Pick<GroupContext, 'codes'>): string {
  return codes.get(inviteId(message)) ?? inviteCode(keyring, message);
}

function inviterOf(keyring: Keyring, tenantId: TenantId, { memberId }: ClaimedMessage, context: GroupContext): InviteContext['inviter'] {
  if (memberId === null) return { kind: 'tenant' };
  const sealed = context.people.get(memberId)?.nameSealed;
  return { kind: 'member', name: sealed == null ? null : keyring.open(tenantId, sealed) };
}
