import { z } from 'zod';

const list = z.object({ mails: z.array(z.object({ id: z.string() })) });
const full = z.object({ subject: z.string(), text: z.string(), links: z.array(z.string()) });
export type InboxMail = z.output<typeof full>;

const LOOK_EVERY_MS = 100;

/** Waits until the inbox has a mail to this address, and reads the newest. Throws after `withinMs`. */
export async function waitForMail(inboxUrl: string, to: string, withinMs: number): Promise<InboxMail> {
  const base = inboxUrl.replace(/\/$/, '');
  const until = performance.now() + withinMs;
  for (;;) {
    const { mails } = list.parse(await (await fetch(`${base}/api/mails?to=${encodeURIComponent(to)}`)).json());
    const [newest] = mails;
    if (newest !== undefined) return full.parse(await (await fetch(`${base}/api/mails/${newest.id}`)).json());
    if (performance.now() > until) throw new Error(`no mail to ${to} came within ${String(withinMs / 1000)} s`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  }
}

/** The link in a mail that begins like this; throws where there is none. */
export function linkIn(mail: InboxMail, begin: string): string {
  const link = mail.links.find((candidate) => candidate.startsWith(begin));
  if (link === undefined) throw new Error(`the mail has no link that begins with ${begin}`);
  return link;
}
