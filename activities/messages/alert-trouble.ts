import { standingOf, type Breaker } from '../../src/domain/sending/breaker.ts';
import { providerText, secondText } from '../../src/domain/sending/hold.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

/** What a person has to do about it, by the reason of a hand-off that failed. These reasons are nobody's but the operator's to mend. */
const ALERTS: Readonly<Record<string, string>> = {
  smtp_auth_failed: 'the mail server refuses our login: nothing leaves until it is mended; look at SMTP_URL and the account',
  smtp_tls_failed: 'no secure connection to the mail server: nothing leaves until it is mended; look at its certificate and SMTP_URL',
  smtp_protocol_error: 'the mail server breaks the session off: nothing leaves until it is mended; look at SMTP_URL and the account',
  sender_refused: 'the mail server refuses a sender address for good, and with it its invites; look at the from address of the tenant',
  sms_account_refused: 'the SMS vendor refuses our account: nothing leaves until it is mended; look at TWILIO_ACCOUNT_SID, its credentials and its console',
};
/** What may pass by itself, and needs somebody where it does not. */
const WARNINGS: Readonly<Record<string, string>> = {
  cannot_connect: 'the provider cannot be reached; what is due waits and is tried again',
  server_busy: 'the mail server takes no more connections; what is due waits and is tried again',
  timed_out: 'the provider does not answer in time; what it was given is tried again',
  rate_limited: 'the SMS vendor takes no more for now; what is due waits and is tried again',
  filtered: 'the SMS vendor or a carrier takes messages for spam; look at their words and at the sender\'s registration',
  sms_off: 'no SMS vendor is set up here: what is due by SMS waits; set TWILIO_ACCOUNT_SID and what belongs to it',
};

const QUIET_MS = 60_000;
const saidAtMs = new WeakMap<Logger, Map<string, number>>();

/** Tells an operator of trouble with a provider, each kind once a minute: there may be thousands of messages. */
export function alertTrouble({ transport, log }: { transport: { readonly provider: string }; log: Logger }, handOff: Extract<HandOff, { reason: string }>): void {
  const { reason, detail } = handOff;
  const { provider } = transport;
  const [alert, warning] = [ALERTS[reason], WARNINGS[reason]];
  if (alert === undefined && warning === undefined) return;
  const said = saidAtMs.get(log) ?? new Map<string, number>();
  saidAtMs.set(log, said);
  const kind = `${provider} ${reason}`;
  if (performance.now() - (said.get(kind) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
  said.set(kind, performance.now());
  if (alert !== undefined) log.error({ provider, reason, detail }, alert);
  else log.warn({ provider, reason, detail }, warning);
}

/** Tells once that a provider's breaker opened, and once that it closed; trials in between that fail are no news. */
export function alertBreaker(log: Logger, provider: string, before: Breaker, after: Breaker): void {
  if (before.openedAt === null && after.openedAt !== null) {
    const { reason, openings } = after;
    const standing = standingOf(after, after.openedAt);
    const until = standing.kind === 'open' ? secondText(standing.until) : null;
    log.warn({ provider, reason, openings, until }, `a breaker has opened: most of what ${providerText(provider)} is given fails, so everything waits and single messages try whether it works again`);
  }
  if (before.openedAt !== null && after.openedAt === null) log.info({ provider, reason: before.reason, sinceMs: (after.closedAt ?? 0) - before.openedAt }, 'a breaker has closed: what waited leaves');
}
