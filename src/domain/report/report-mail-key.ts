import { isId, type ReportRecipientId } from '../ids.ts';
import { isIsoWeek } from './iso-week.ts';
import type { ReportMailAbout } from './report-mail-state.ts';

/** One mail of a report: to whom, and of which week, or the question whether they want any. */
export type ReportMailRef = { readonly recipientId: ReportRecipientId; readonly about: ReportMailAbout; /** When a question was put out (epoch ms), which tells it from one that was asked before; null: of a week there is one mail. */ readonly queuedAt: number | null };

/** What stands before the @ of its Message-ID. A question that is asked again is another mail: told by when it was put out (epoch ms). */
export function reportMailKey({ recipientId, about }: Pick<ReportMailRef, 'recipientId' | 'about'>, queuedAt: number): string {
  return `report.${about}.${recipientId.slice('rrc_'.length)}${about === 'confirm' ? `.${String(queuedAt)}` : ''}`;
}

/** Reads a Message-ID of ours, without its angle brackets; null where it is none of a report's mail. */
export function readReportMailKey(messageId: string): ReportMailRef | null {
  const [, about = '', body = '', asked] = /^report\.([^.@]{1,10})\.([0-9a-z]{26})(?:\.(\d{1,14}))?@/.exec(messageId) ?? [];
  const recipientId = `rrc_${body}`;
  if (!isId('rrc', recipientId)) return null;
  if (about === 'confirm') return asked === undefined ? null : { recipientId, about, queuedAt: Number(asked) };
  return isIsoWeek(about) && asked === undefined ? { recipientId, about, queuedAt: null } : null;
}
