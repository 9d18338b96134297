import { randomUUID } from 'node:crypto';

/** All of Flywheel that this app uses: facts in, and a link to the member's referral page out. */
export type Flywheel = {
  upsertMember(userId: string, person: { name: string; email: string }): Promise<void>;
  tell(event: { eventId: string; type: string; externalId: string } & Record<string, unknown>): Promise<void>;
  referralPage(userId: string): Promise<string>;
};

export function flywheel(url: string, secretKey: string): Flywheel {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secretKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${await response.text()}`);
    return response.json();
  };
  return {
    async upsertMember(userId, { name, email }) {
      await call('PUT', `/v1/members/${userId}`, { name, contact: { email } });
    },
    async tell(event) {
      await call('POST', '/v1/events', { events: [event] });
    },
    async referralPage(userId) {
      const answer = await call('POST', `/v1/members/${userId}/embed-tokens`);
      if (typeof answer === 'object' && answer !== null && 'url' in answer && typeof answer.url === 'string') return answer.url;
      throw new Error('no url was answered');
    },
  };
}
