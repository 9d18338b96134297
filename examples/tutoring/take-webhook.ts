import type { RequestHandler } from 'express';
import { at, textAt } from './answers.ts';
import type { User } from './user.ts';
import { isFromFlywheel } from './webhook-signature.ts';

/** Takes what Flywheel tells: proved first, each once by its `webhook-id`, answered at once. What is not signed changes nothing. */
export function takeWebhook(secret: string, users: ReadonlyMap<string, User>): RequestHandler {
  const seen = new Set<string>();
  return (request, response) => {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body) || !isFromFlywheel(secret, request.headers, body, Date.now() / 1000)) return void response.status(400).end();
    const id = String(request.headers['webhook-id']);
    if (!seen.has(id)) {
      seen.add(id);
      const event: unknown = JSON.parse(body.toString('utf8'));
      const user = [...users.values()].find(({ memberId }) => memberId === at(event, 'data', 'memberId'));
      user?.told.push(`${textAt(event, 'type')}: ${String(at(event, 'data', 'amountMinor'))} ${String(at(event, 'data', 'unit'))}`);
    }
    response.status(204).end();
  };
}
