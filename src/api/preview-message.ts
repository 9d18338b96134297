import { listHardStops } from '../../db/read/hard-stops.ts';
import { readMember } from '../../db/read/members.ts';
import type { MemberView } from '../../db/read/members.ts';
import { loadInviter, loadOffer } from '../../db/read/offer.ts';
import type { Inviter } from '../../db/read/offer.ts';
import { readProgramVersions } from '../../db/read/program-versions.ts';
import { destinationRules } from '../../db/read/link-owner.ts';
import { readProgram } from '../../db/read/programs.ts';
import type { ProgramView } from '../../db/read/programs.ts';
import { unitNames } from '../../db/read/tenant-units.ts';
import { readTenant } from '../../db/read/tenant.ts';
import { findLoop } from '../../workflows/registry.ts';
import { capitalized, sayCode } from '../domain/explain/say-code.ts';
import { inviteId } from '../domain/ids.ts';
import type { ProgramId } from '../domain/ids.ts';
import type { RefusalReason } from '../domain/invite/refusal-reasons.ts';
import type { CopyBook } from '../domain/message/copy.ts';
import { renderSms } from '../domain/message/render-sms.ts';
import { writeInvite } from '../domain/message/write-invite.ts';
import { peakInForce } from '../domain/program/peak-times.ts';
import type { ProgramTerms } from '../domain/program/terms.ts';
import type { MessagePreview, PreviewCall, PreviewProblem, PreviewReason } from './message-preview.ts';
import { judgePreview } from './preview-judge.ts';
import type { JudgedPreview } from './preview-judge.ts';
import { readPreviewRecipient } from './preview-recipient.ts';
import type { PreviewRecipient } from './preview-recipient.ts';
import { mergeTerms, refuseRulesWithoutFuture, refuseTerms } from './program-body.ts';
import type { PreviewAsked } from './program-preview-body.ts';
import { problem } from './problems.ts';

/** Words that can be neither a code nor a token: the one leads to a page that says so, the others open and change nothing. */
const SAMPLE_LINK = '/l/sample-of-a-link';
const SAMPLE_OPT_OUT = '/u/sample-of-an-opt-out';
const SAMPLE_PREFERENCES = '/p/sample-of-a-preference-page';

/** Stops what waits, too; every other refusal is asked of new invites alone. */
const STOPS_REMINDERS: readonly RefusalReason[] = ['suppressed', 'member_already', 'unanswered_cap', 'no_permitted_time'];

/**
 * One message of a program for one recipient: written, planned and judged by what sends, with nothing stored, counted or
 * sent. Refuses with a problem where the request names what there is not, or terms that could not be saved.
 */
export async function previewMessage(call: PreviewCall, programId: ProgramId, asked: PreviewAsked): Promise<MessagePreview | PreviewProblem> {
  const { tx, tenantId } = call;
  const program = await readProgram(tx, tenantId, programId);
  if (program === null) return problem('not_found');
  const copy = findLoop(program.loop)?.copy ?? null;
  if (copy === null) return problem('not_found', { detail: 'The loop of this program writes no messages: there is nothing to preview.' });
  const content = await contentOf(call, program, asked);
  if ('kind' in content) return content;
  const people = await peopleOf(call, asked);
  if ('kind' in people) return people;
  const [tenant, offer, hardStops] = await Promise.all([readTenant(tx, tenantId), loadOffer(tx, programId), listHardStops(tx, tenantId)]);
  if (offer === null) throw new Error('a program was read and is no longer there');
  const now = asked.at ?? call.now;
  const recipient = await readPreviewRecipient(call, { asked, member: people.member, inviter: people.inviter, offer, now });
  const peak = asked.terms?.peakTimes === undefined ? offer.peak : peakInForce(content.rules.peakTimes, offer.learnt);
  const judged = await judgePreview(call, { offer: { ...offer, terms: content.rules, peak }, pinned: content.terms, recipient, inviter: people.inviter, step: asked.step, now });
  const holds = holdsOf(program, tenant.pausedAt, hardStops);
  return {
    programId, programTitle: content.title, version: content.version, isTrial: content.isTrial, step: asked.step,
    ...write({ copy, content, tenant, recipient, inviterName: people.inviterName, step: asked.step, expiresAt: judged.plan.expiresAt }),
    plan: judged.plan,
    reasons: [...refusalsOf(judged, asked.step), ...holds],
    links: { link: new URL(SAMPLE_LINK, tenant.publicUrl).href, unsubscribe: new URL(SAMPLE_OPT_OUT, tenant.publicUrl).href },
  };
}

/** `terms`: what an invite pins; `rules`: what binds it whatever it pinned. */
type Content = { version: number; title: string; terms: ProgramTerms; rules: ProgramTerms; isTrial: boolean };

async function contentOf({ tx, tenantId, now }: PreviewCall, program: ProgramView, asked: PreviewAsked): Promise<Content | PreviewProblem> {
  const isTrial = asked.title !== undefined || asked.terms !== undefined;
  const version = asked.version ?? program.version;
  const wrong = (path: string, message: string) => problem('invalid_request', { errors: [{ path, message }] });
  if (isTrial && version !== program.version) return wrong('/version', `A change is tried on top of the current version, ${String(program.version)}. Leave the version out.`);
  const saved = version === program.version ? program : (await readProgramVersions(tx, program.id, [version])).get(version);
  if (saved === undefined) return wrong('/version', `There is no such version; the newest is ${String(program.version)}.`);
  const terms = mergeTerms(saved.terms, asked.terms ?? {});
  const refusal = isTrial ? refuseTerms(terms, { destinations: await destinationRules(tx, tenantId), units: await unitNames(tx, tenantId), loop: program.loop }) ?? refuseRulesWithoutFuture(asked.terms, now) : null;
  if (refusal !== null) return refusal;
  const last = terms.reminders.length;
  if (asked.step > last) return wrong('/step', last === 0 ? 'This version has no reminders; only step 0 is possible.' : `This version has ${String(last)} reminder${last === 1 ? '' : 's'}; steps 0 to ${String(last)} are possible.`);
  return { version, title: asked.title ?? saved.title, terms, rules: isTrial ? terms : program.terms, isTrial };
}

type People = { member: MemberView | null; inviter: Inviter | null; inviterName: string | null };

async function peopleOf({ tx, tenantId, services: { keyring } }: PreviewCall, asked: PreviewAsked): Promise<People | PreviewProblem> {
  const find = async (ref: PreviewAsked['inviter']): Promise<MemberView | null> => {
    if (ref?.memberId !== undefined) return readMember(tx, { keyring, tenantId }, { id: ref.memberId });
    return ref?.externalId === undefined ? null : readMember(tx, { keyring, tenantId }, { externalId: ref.externalId });
  };
  const [member, inviting] = await Promise.all([find(asked.member), find(asked.inviter)]);
  const unknown = (what: 'member' | 'inviter') => problem('invalid_request', {
    errors: [{ path: `/${what}/${asked[what]?.memberId === undefined ? 'externalId' : 'memberId'}`, message: 'There is no such member.' }],
  });
  if (asked.member !== undefined && member === null) return unknown('member');
  if (asked.inviter !== undefined && inviting === null) return unknown('inviter');
  const inviter = inviting === null ? null : await loadInviter(tx, tenantId, { memberId: inviting.id });
  return { member, inviter, inviterName: inviting?.name ?? null };
}

type Writing = {
  copy: CopyBook;
  content: Content;
  tenant: Awaited<ReturnType<typeof readTenant>>;
  recipient: PreviewRecipient;
  inviterName: string | null;
  step: number;
  expiresAt: number;
};

function write({ copy, content, tenant, recipient, inviterName, step, expiresAt }: Writing) {
  const inviter = recipient.byMember ? { kind: 'member', name: inviterName } as const : { kind: 'tenant' } as const;
  const zone = recipient.prepared.plans.zones[0];
  const mail = writeInvite({
    messageKey: 'preview',
    tenant,
    copy,
    programTitle: content.title,
    override: content.terms.copy,
    step,
    recipient: { address: recipient.address, name: recipient.name, locale: recipient.locale, zone },
    inviter,
    relationship: recipient.prepared.invitee.relationship ?? null,
    consentBasis: recipient.consentBasis,
    linkPath: SAMPLE_LINK,
    unsubscribePath: SAMPLE_OPT_OUT,
    preferencePath: SAMPLE_PREFERENCES,
    expiresAt,
  });
  const sms = !content.terms.channels.includes('sms') ? null : renderSms({
    copy, override: content.terms.copy, step, locale: recipient.locale, inviter, inviteeName: recipient.name, tenantName: tenant.name, programTitle: content.title,
    linkUrl: new URL(SAMPLE_LINK, tenant.publicUrl).href, expiresAt, zone: zone ?? tenant.zone,
  });
  return { ...mail, sms };
}

function refusalsOf({ refusals }: JudgedPreview, step: number): PreviewReason[] {
  return refusals.filter(({ reason }) => step === 0 || STOPS_REMINDERS.includes(reason)).map(({ reason, detail, duplicateOf }) => {
    const more = duplicateOf !== undefined && 'batchId' in duplicateOf ? `by ${inviteId(duplicateOf)}` : detail;
    const said = capitalized(sayCode(reason));
    return { code: reason, effect: 'refuses', say: more === undefined ? `${said}.` : `${said}: ${more.replace(/\.$/, '')}.` };
  });
}

function holdsOf(program: ProgramView, tenantPausedAt: number | null, hardStops: Awaited<ReturnType<typeof listHardStops>>): PreviewReason[] {
  const stop = hardStops.find(({ channel }) => channel === program.terms.channels[0]);
  return [
    ...(program.pausedAt === null ? [] : [{ code: 'program_paused', effect: 'holds' as const, say: 'The program is paused: it takes no new invites, and what waits is held.' }]),
    ...(tenantPausedAt === null ? [] : [{ code: 'tenant_paused', effect: 'holds' as const, say: 'The tenant is paused: nothing leaves until it is resumed.' }]),
    ...(stop === undefined ? [] : [{ code: 'hard_stop', effect: 'holds' as const, say: `A hard stop holds everything of the channel ${stop.channel}: ${stop.reason}` }]),
  ];
}
