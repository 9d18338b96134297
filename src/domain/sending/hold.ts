/** Why nothing of a lane leaves at the moment, in words for an operator, and until when (epoch ms). */
export type Hold = { readonly by: string; readonly until: number };

/** `email:smtp.example`: the mail server smtp.example. */
export function providerText(provider: string): string {
  const [channel, ...name] = provider.split(':');
  return `${channel === 'email' ? 'mail server' : 'SMS vendor'} ${name.join(':')}`;
}

/** To the second, in UTC. */
export function secondText(at: number): string {
  return `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

export function breakerHold(provider: string, { reason, until }: { readonly reason: string; readonly until: number }): Hold {
  return { until, by: `breaker: ${providerText(provider)} fails (${reason}); it is tried again at ${secondText(until)}` };
}
