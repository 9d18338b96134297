import type { HandOff } from '../transport.ts';

/** RFC 3463 codes which say that the address itself does not work: no such mailbox or domain, bad syntax, moved, null MX, disabled. */
const BAD_ADDRESS = /^5\.(?:1\.(?:1|2|3|6|10)|2\.1)$/;
const BAD_SENDER = /^5\.1\.[78]$/;
const TOO_LARGE = /^5\.(?:3\.4|2\.3)$/;
const MAILBOX_FULL = '5.2.2';

/** For servers that give no RFC 3463 code. Deliberately narrow: a wrong suppression keeps a person out for good. */
const NO_SUCH_MAILBOX =
  /\b(?:user|recipient|mailbox|account|address)\b[^.;]{0,40}\b(?:unknown|not found|does(?: not|n't) exist|not exist|disabled)\b|\b(?:unknown|invalid|no such) (?:local )?(?:user|recipient|mailbox|account|address)\b/i;
/** A refusal by policy may well mention an unknown user, account or address. */
const BY_POLICY = /\b(?:policy|blocked|block ?list|blacklist|spam|denied|relay|reputation|sender)/i;

/**
 * A 5xx reply, told apart: by the enhanced status code where there is one, else by the step and the basic code
 * (RFC 5321, 4.2.3). `command` is the step that was answered: MAIL FROM, RCPT TO or DATA (the body included).
 */
export function classifyRefusal(replied: number, response: string, command: string, detail: string): HandOff {
  const enhanced = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? null;
  const { reason, suppress } = refusal(replied, enhanced, response, command);
  return { outcome: 'permanent', reason, detail, suppress };
}

type Refusal = Omit<Extract<HandOff, { outcome: 'permanent' }>, 'outcome' | 'detail'>;

function refusal(replied: number, enhanced: string | null, response: string, command: string): Refusal {
  if (enhanced !== null && TOO_LARGE.test(enhanced)) return { reason: 'too_large', suppress: false };
  if (enhanced === MAILBOX_FULL) return { reason: 'mailbox_full', suppress: false };
  if (enhanced === null && replied === 552) return { reason: command === 'RCPT TO' ? 'mailbox_full' : 'too_large', suppress: false };
  if (command === 'MAIL FROM') return { reason: 'sender_refused', suppress: false };
  if (enhanced !== null && BAD_SENDER.test(enhanced)) return { reason: 'sender_refused', suppress: false };
  if (enhanced === null ? saysNoSuchMailbox(replied, response) : BAD_ADDRESS.test(enhanced)) {
    return { reason: 'mailbox_unavailable', suppress: true };
  }
  return { reason: command === 'RCPT TO' ? 'recipient_refused' : 'rejected', suppress: false };
}

function saysNoSuchMailbox(replied: number, response: string): boolean {
  const said = response.slice(0, 1000);
  return (replied === 550 || replied === 551 || replied === 553 || replied === 554) && NO_SUCH_MAILBOX.test(said) && !BY_POLICY.test(said);
}
