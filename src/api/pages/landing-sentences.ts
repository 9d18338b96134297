import type { ReportReason } from '../../domain/landing/answers.ts';
import type { CardFigure } from '../../domain/landing/life-page.ts';

export type LandingNote = { readonly title: string; readonly text: readonly string[] };

/** What all landing pages say alike; `{name}`: the tenant. The loop's own words are in its folder. */
export type LandingWords = {
  readonly figures: Readonly<Record<CardFigure, string>>;
  /** What a visit leaves with us. */
  readonly privacy: string;
  readonly stop: string;
  readonly report: { readonly open: string; readonly ask: string; readonly reasons: Readonly<Record<ReportReason, string>>; readonly send: string };
  readonly after: {
    readonly declined: string;
    /** To whom we wrote: everything is stopped. */
    readonly stopped: LandingNote;
    /** To whom a person gave the link: we know nothing of this reader. */
    readonly unknown: LandingNote;
    readonly reported: LandingNote;
  };
  /** Pages for links that cannot be accepted. */
  readonly closed: Readonly<Record<'revoked' | 'expired' | 'ended' | 'own' | 'used' | 'full', LandingNote>>;
  readonly nowhere: LandingNote;
  /** The page was open for too long, or was changed on its way. */
  readonly stale: LandingNote;
  readonly again: string;
  readonly goOn: string;
  readonly back: string;
  readonly share: { readonly heading: string; readonly sms: string; readonly email: string; readonly qr: string };
};
