import type { SendingMetrics } from '../telemetry/metrics/sending-metrics.ts';
import type { Transport } from './transport.ts';

/** The same transport; what is on the wire is counted, and how long each hand-off takes. */
export function watchedTransport<Message, Channel extends string>(transport: Transport<Message, Channel>, metrics: Pick<SendingMetrics, 'handOff'>): Transport<Message, Channel> {
  return {
    ...transport,
    async send(message) {
      const ended = metrics.handOff(transport.channel);
      let outcome = 'threw';
      try {
        const handOff = await transport.send(message);
        ({ outcome } = handOff);
        return handOff;
      } finally {
        ended(outcome);
      }
    },
  };
}
