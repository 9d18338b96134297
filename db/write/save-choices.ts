import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import { actsFor, isOn } from '../../src/domain/preference/choices.ts';
import type { Choice } from '../../src/domain/preference/choices.ts';
import { ALL, OPT_OUT_ENDED } from '../../src/domain/preference/consent-act.ts';
import type { Tx } from '../client.ts';
import type { PreferenceView, ReachedBy } from '../read/preference-page.ts';
import { openInvitesOf } from './close-invites.ts';
import { recordDecision } from './decide.ts';
import { tellOfOptOuts } from './invite-news.ts';
import { putBackSuppression } from './put-back-suppression.ts';
import { recordConsents } from './record-consent.ts';
import type { ConsentAct } from './record-consent.ts';
import { lockBatches } from './refresh-next-due.ts';
import { stopAddress } from './stop-address.ts';

/** Who chose, where, and which words they saw. */
export type Chooser = { tenantId: TenantId; batchId: BatchId; n: number; wordingVersion: string; locale: string; now: number };
/** `listed`: what the page showed. `on`, `wasOn`: what was ticked when it came back, and when it was shown. */
export type ChosenTopics = { listed: readonly Choice[]; wasOn: readonly Choice[]; on: readonly Choice[] };

/** Records what a recipient switched on or off on the preference page: only what differs from what the page had shown. */
export async function saveChoices(tx: Tx, view: PreferenceView, chosen: ChosenTopics, by: Chooser): Promise<void> {
  const acts = view.addresses.flatMap((address) => {
    if (address.suppressed !== null) return [];
    const listed = listedFor(view, address);
    const changes = listed.filter((choice) => has(chosen.listed, choice) && has(chosen.on, choice) !== has(chosen.wasOn, choice))
      .map((choice) => ({ ...choice, on: has(chosen.on, choice) }))
      .filter((change) => isOn(address.held, change) !== change.on && (address.mayOptIn || !change.on));
    return actsFor(address.held, listed, changes).map((act): ConsentAct => ({ ...act, ...said(by), recipientHash: address.hash }));
  });
  const { outcomes } = await recordConsents(tx, { tenantId: by.tenantId, acts, now: by.now, actor: 'recipient' });
  await tellOfOptOuts(tx, { ...by, from: acts.filter(({ action }, place) => action === 'withdrawn' && outcomes[place] === 'recorded') });
}

/** Stops everything, at each of the recipient's addresses, as the opt-out link does. */
export async function stopEverything(tx: Tx, view: PreferenceView, by: Chooser): Promise<void> {
  const { tenantId, now } = by;
  const open = await Promise.all(view.addresses.map(({ hash }) => openInvitesOf(tx, hash, 'person')));
  await lockBatches(tx, open.flat().map(({ batchId }) => batchId));
  let isNew = false;
  for (const { hash, channel } of view.addresses) {
    const stopped = await stopAddress(tx, { ...said(by), tenantId, recipientHash: hash, now });
    if (stopped.outcome === 'already') continue;
    isNew = true;
    await recordDecision(tx, {
      tenantId, subjectId: by.batchId, ns: [by.n], kind: 'unsubscribed', actor: 'recipient', now,
      rule: 'the recipient stopped everything on the preference page of this invite',
      inputs: { channel, suppressionId: stopped.suppressionId, invitesStopped: stopped.closed, ...(stopped.replaced === null ? {} : { replaced: stopped.replaced }) },
    });
  }
  if (isNew) await tellOfOptOuts(tx, { ...by, from: [{ topic: ALL, channel: ALL }] });
}

/** Takes back the recipient's own stop of everything. What others decided (a complaint, the tenant, the law) stays, and so does a STOP by SMS: the vendor holds to it until START. */
export async function allowAgain(tx: Tx, view: PreferenceView, by: Chooser): Promise<void> {
  const { tenantId, now } = by;
  const own = view.addresses.filter(({ suppressed }) => suppressed === null || suppressed === 'unsubscribe');
  for (const { hash, suppressed } of own) {
    if (suppressed === null) continue;
    const [lifted] = await tx.sql<{ id: string }[]>`
      update suppressions set lifted_at = ${now} where tenant_id = ${tenantId} and recipient_hash = ${hash} and lifted_at is null and reason = 'unsubscribe' returning id`;
    if (lifted === undefined) continue;
    await putBackSuppression(tx, { tenantId, id: lifted.id, reasons: ['manual'], actor: 'recipient', now });
    await recordDecision(tx, {
      tenantId, subjectId: lifted.id, kind: 'suppression_lifted', actor: 'recipient', now,
      rule: 'The recipient asked for messages again.', inputs: { reason: 'unsubscribe', batchId: by.batchId, n: by.n },
    });
  }
  const granted = own.flatMap(({ hash, held }) => held.filter((row) => row.state === 'out' && row.topic === ALL)
    .map(({ topic, channel }): ConsentAct => ({ ...said(by), recipientHash: hash, topic, channel, action: 'granted', basis: OPT_OUT_ENDED })));
  await recordConsents(tx, { tenantId, acts: granted, now, actor: 'recipient' });
}

/** What of the page's list is about this address. */
export function listedFor({ topics }: PreferenceView, { channel }: ReachedBy): Choice[] {
  return topics.filter(({ channels }) => channels.includes(channel)).map(({ topic }) => ({ topic, channel }));
}

function has(choices: readonly Choice[], { topic, channel }: Choice): boolean {
  return choices.some((choice) => choice.topic === topic && choice.channel === channel);
}

function said({ wordingVersion, locale, now }: Chooser): Pick<ConsentAct, 'wordingVersion' | 'locale' | 'source' | 'givenAt'> {
  return { wordingVersion, locale, source: 'preference_page', givenAt: now };
}
