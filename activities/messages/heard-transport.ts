import type { Channel } from '../../src/domain/message/channel.ts';
import type { OutgoingSms } from '../../src/providers/sms/outgoing-sms.ts';
import type { HandOff, OutgoingMessage, Transports } from '../../src/providers/transport.ts';

/** The same transport; `hear` is told the outcome of each hand-off that it makes. */
export function heardTransport(transport: Transports[Channel], hear: (handOff: HandOff) => void): Transports[Channel] {
  const told = async (handingOff: Promise<HandOff>): Promise<HandOff> => {
    const handOff = await handingOff;
    hear(handOff);
    return handOff;
  };
  switch (transport.channel) {
    case 'email': return { ...transport, send: (mail: OutgoingMessage) => told(transport.send(mail)) };
    case 'sms': return { ...transport, send: (sms: OutgoingSms) => told(transport.send(sms)) };
  }
}
