import type { HandOff, Transport } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

/** What a person has to do about it, by the reason of a hand-off that failed. These reasons are nobody's but the operator's to mend. */
const ALERTS: Readonly<Record<string, string>> = {
  smtp_auth_failed: 'the mail server refuses our login: nothing leaves until it is mended; look at SMTP_URL and the account',
  smtp_tls_failed: 'no secure connection to the mail server: nothing leaves until it is mended; look at its certificate and SMTP_URL',
  smtp_protocol_error: 'the mail server breaks the session off: nothing leaves until it is mended; look at SMTP_URL and the account',
  sender_refused: 'the mail server refuses a sender address for good, and with it its invites; look at the from address of the tenant',
};
/** What may pass by itself, and needs somebody where it does not. */
const WARNINGS: Readonly<Record<string, string>> = {
  cannot_connect: 'the mail server cannot be reached; what is due waits and is tried again',
  server_busy: 'the mail server takes no more connections; what is due waits and is tried again',
  timed_out: 'the mail server does not answer in time; what it was given is tried again',
};

const QUIET_MS = 60_000;
const saidAtMs = new WeakMap<Transport, Map<string, number>>();

/** Tells an operator of trouble with the mail server, each kind once a minute: there may be thousands of messages. */
export function alertTrouble({ transport, log }: { transport: Transport; log: Logger }, handOff: Extract<HandOff, { reason: string }>): void {
  const { reason, detail } = handOff;
  const [alert, warning] = [ALERTS[reason], WARNINGS[reason]];
  if (alert === undefined && warning === undefined) return;
  const said = saidAtMs.get(transport) ?? new Map<string, number>();
  saidAtMs.set(transport, said);
  if (performance.now() - (said.get(reason) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
  said.set(reason, performance.now());
  if (alert !== undefined) log.error({ reason, detail }, alert);
  else log.warn({ reason, detail }, warning);
}
