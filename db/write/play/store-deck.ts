import type { Keyring } from '../../../src/config/keyring.ts';
import type { RunId, TenantId } from '../../../src/domain/ids.ts';
import type { DeckGiven } from '../../../src/domain/play/deck.ts';
import type { PlayTerms } from '../../../src/domain/play/play-terms.ts';
import type { Tx } from '../../client.ts';
import { decks } from '../../schema/play.ts';

/** Stores the deck of a run that has just begun: one, and it stays. Which choices are right is sealed. */
export async function storeDeck(tx: Tx, keyring: Keyring, { tenantId, runId, deck, terms, now }: { tenantId: TenantId; runId: RunId; deck: DeckGiven; terms: PlayTerms; now: number }): Promise<void> {
  await tx.orm.insert(decks).values({
    tenantId, runId,
    title: deck.title ?? null,
    subject: deck.subject ?? null,
    questions: deck.questions.map(({ text, choices }) => ({ text, choices })),
    answersSealed: keyring.seal(tenantId, JSON.stringify(deck.questions.map(({ answer }) => answer))),
    ...terms,
    createdAt: now,
  }).onConflictDoNothing();
}

/** Of each question which choice is right. Throws where it is not what `storeDeck` sealed. */
export function openAnswers(keyring: Keyring, tenantId: TenantId, sealed: Uint8Array): number[] {
  const read: unknown = JSON.parse(keyring.open(tenantId, sealed));
  if (!Array.isArray(read)) throw new Error('a deck has no answers');
  return read.map(Number);
}
