import { readMail, type ReadableMail } from '../../../src/dev/read-mail.ts';
import { waitUntil } from './wait-until.ts';
import type { WholeStack } from './whole-stack.ts';

/** The mail this address got; waits for it. */
export async function mailTo(stack: WholeStack, address: string, withinMs = 30_000): Promise<ReadableMail> {
  const mail = await waitUntil(`a mail to ${address}`, withinMs, () => stack.sink.deliveries().find(({ to }) => to.includes(address)));
  return readMail(await stack.sink.store.raw(mail));
}

export function mailsTo(stack: WholeStack, beginning: string): number {
  return stack.sink.deliveries().filter(({ to }) => to.some((address) => address.startsWith(beginning))).length;
}

/** The link in it whose path begins like this; throws where there is none. */
export function linkIn(mail: ReadableMail, path: string): string {
  const link = mail.links.find((one) => new URL(one).pathname.startsWith(path));
  if (link === undefined) throw new Error(`the mail has no link to ${path}`);
  return link;
}
