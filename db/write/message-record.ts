import type { BatchId } from '../../src/domain/ids.ts';
import type { PeakInForce } from '../../src/domain/program/peak-times.ts';

/** What follows a message that was handed off: the next reminder's plan, one that finds no time, or nothing but the expiry. */
export type NextStep =
  | { outcome: 'planned'; step: number; dueAt: number; permittedUntil: number; planVersion: number; zones: readonly string[]; why: string; peak?: PeakInForce }
  | { outcome: 'let_go'; step: number; zones: readonly string[]; why: string; peak?: PeakInForce }
  | null;

/** What became of one claimed message. */
export type MessageRecord = { batchId: BatchId; n: number; step: number; expiresAt: number } & (
  | { outcome: 'handed_off'; providerMessageId: string; receipt: string; next: NextStep }
  | { outcome: 'refused'; reason: string; suppress: boolean; recipientHash: Uint8Array }
  | { outcome: 'unknown'; reason: string }
  /** `detail`: the vendor's words, without addresses. */
  | { outcome: 'put_back'; dueAt: number; reason: string | null; detail?: string; tried: boolean }
);
