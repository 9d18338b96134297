import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { poolOptions } from './pool-options.ts';
import { serveCommands } from './serve-commands.ts';

/** nodemailer's pool by itself: mails that are written already, all given to it at once. */
const [url, connections] = [z.string().parse(process.argv[2]), Number(process.argv[3])];
let mails: readonly SendMailOptions[] = [];

serveCommands({
  mails: (input) => { mails = z.array(z.custom<SendMailOptions>()).parse(input); },
  async run() {
    const pool = createTransport(poolOptions(url, connections));
    const startedMs = performance.now();
    await Promise.all(mails.map((mail) => pool.sendMail(mail)));
    const ms = performance.now() - startedMs;
    pool.close();
    return ms;
  },
}, () => Promise.resolve());
