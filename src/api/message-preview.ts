import type { ProgramId } from '../domain/ids.ts';
import type { ComposedEmail } from '../domain/message/compose.ts';
import type { RenderedMessage } from '../domain/message/render-invite.ts';
import type { RenderedSms } from '../domain/message/render-sms.ts';
import type { Problem } from './problems.ts';
import type { Call } from './route.ts';

/** When a message would leave; instants in epoch ms, `sendAt` null: never. */
export type PreviewPlan = {
  readonly sendAt: number | null;
  readonly permittedUntil: number | null;
  readonly why: string;
  readonly law: readonly string[];
  readonly zones: readonly string[];
  readonly zoneSource: string;
  /** What it is planned from. */
  readonly from: number;
  readonly acceptedAt: number;
  readonly expiresAt: number;
};

/** Something that stands against a message now. */
export type PreviewReason = { readonly code: string; readonly effect: 'refuses' | 'holds'; readonly say: string };

/** One message as it would be sent to somebody, its plan, and all that stands against it. */
export type MessagePreview = {
  readonly programId: ProgramId;
  readonly programTitle: string;
  readonly version: number;
  readonly isTrial: boolean;
  readonly step: number;
  readonly rendered: RenderedMessage;
  readonly email: ComposedEmail;
  /** What a text would say; null: the program sends none. */
  readonly sms: RenderedSms | null;
  readonly plan: PreviewPlan;
  readonly reasons: readonly PreviewReason[];
  readonly links: { readonly link: string; readonly unsubscribe: string };
};

export type PreviewProblem = Problem<'not_found' | 'invalid_request' | 'invalid_send_rules' | 'invalid_terms'>;

/** What a preview is made with: a transaction to read in, and what opens sealed names. */
export type PreviewCall = Pick<Call, 'tx' | 'tenantId' | 'now'> & { readonly services: Pick<Call['services'], 'keyring'> };
