import { readLanding } from '../../db/read/landing.ts';
import type { LandingAsked, LandingView } from '../../db/read/landing.ts';
import type { Tx } from '../../db/client.ts';
import type { Keyring } from '../config/keyring.ts';
import { firstNameOf } from '../domain/landing/first-name.ts';
import { landingState } from '../domain/landing/landing-state.ts';
import type { LandingState } from '../domain/landing/landing-state.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { figuresOf, sayPage } from '../domain/landing/say-page.ts';
import type { SaidPage, ShownFigure } from '../domain/landing/say-page.ts';
import type { Signer } from '../domain/link/signer.ts';
import { isOwnMark } from '../domain/play/own-mark.ts';
import { landingLoop } from './landing-loop.ts';
import type { LandingFrame } from './pages/landing-pages.ts';

/** A landing page as it stands for its reader. `said` null: its loop has no words for one. */
export type Landing = { readonly view: LandingView; readonly state: LandingState; readonly said: SaidPage | null; readonly figures: readonly ShownFigure[]; readonly frame: LandingFrame };

/** `ownMark`: what the browser brought that may say that the link is its own member's; null: nothing. */
export type LandingReader = { readonly lang: LandingLanguage; readonly ownMark: string | null };

/** Reads it; null where the link belongs to no run (any more). */
export async function loadLanding(tx: Tx, keyring: Pick<Keyring, 'open'> & Signer, asked: LandingAsked, { lang, ownMark }: LandingReader): Promise<Landing | null> {
  const { tenantId } = asked;
  const view = await readLanding(tx, asked);
  if (view === null) return null;
  const { tenantName, fromName, postalAddress, inviterSealed } = view;
  const loop = landingLoop(view.loop, lang);
  const figures = figuresOf(loop?.page, view.input, lang);
  const name = inviterSealed === null ? null : keyring.open(tenantId, inviterSealed);
  const isIn = view.guestId !== null;
  const isInviter = ownMark !== null && view.memberId !== null && isOwnMark(keyring, { tenantId, memberId: view.memberId }, ownMark);
  return {
    view,
    state: landingState({
      isRevoked: view.isRevoked,
      runOutcome: view.runOutcome,
      isInviter: isInviter && !isIn,
      isUsed: view.invite !== null && view.isAccepted && !isIn,
      accepted: isIn ? 0 : view.accepted,
      places: view.deckPlaces ?? loop?.page?.places ?? null,
    }),
    said: loop === null ? null : sayPage(loop.words, { tenantName, inviterFirstName: firstNameOf(name), figures: figures.byName }),
    figures: figures.card,
    frame: { lang, writer: { tenantName, fromName, postalAddress } },
  };
}
