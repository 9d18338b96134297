import { z } from 'zod';
import { tenantIds } from '../../../db/read/tenants.ts';
import { makeKey } from '../../../db/write/make-key.ts';
import { readOrigin } from '../../domain/key/allowed-origin.ts';
import { command, done, failed } from '../command.ts';
import type { Command } from '../command.ts';
import { actor, duration, flag, id, list, noFields, value } from '../fields.ts';
import { noteDecision } from '../note-decision.ts';
import { noTenant } from '../tenant-access.ts';
import { isoOrNull, readable } from '../text/time.ts';

const HELP = 'npx flywheel key make-publishable --help';
const MOST_ORIGINS = 50;

const make = command({
  name: 'key make-publishable',
  summary: 'make a publishable key for a tenant\'s pages and apps',
  description: 'Makes a key that names the app and opens nothing by itself: pages and apps send it beside a member\'s token. Pages may use it that stand on one of its origins; an app without pages needs none.',
  examples: [
    { line: 'npx flywheel key make-publishable --tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --name web --origin https://app.example.com', does: 'a key for the pages of one origin' },
    { line: 'npx flywheel key make-publishable --tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --name local --development', does: 'one for pages on http://localhost, whatever the port' },
  ],
  args: noFields,
  options: z.strictObject({
    tenant: value('tenant id', 'whose key it is', id('tnt')),
    name: value('text', 'what it is for', z.string().trim().min(1, 'must not be empty').max(120, 'must not be longer than 120 characters')),
    origin: list('https origin', 'whose pages may use it, such as https://app.example.com'),
    development: flag('pages on http://localhost may use it, too: for development alone'),
    expiresIn: value('time', 'when it ends by itself: 30d, 12h; left out: when it is revoked', duration.optional()),
    actor,
  }),
  async run({ context, options: { tenant: tenantId, name, origin = [], development: isDevelopment, expiresIn, actor: by } }) {
    const origins = origin.map((text) => ({ text, read: readOrigin(text) }));
    const wrong = origins.find(({ read }) => read === null);
    if (wrong !== undefined) return failed(`${JSON.stringify(wrong.text)} is no https origin: scheme and host, a port where it is not 443, no path and no wildcard.`, HELP);
    const allowedOrigins = [...new Set(origins.flatMap(({ read }) => (read === null ? [] : [read])))];
    if (allowedOrigins.length > MOST_ORIGINS) return failed(`A key takes ${String(MOST_ORIGINS)} origins: make several.`, HELP);
    const owner = context.owner();
    const now = await context.now(owner);
    if (!(await tenantIds(owner)).includes(tenantId)) return noTenant(tenantId);
    const expiresAt = expiresIn === undefined ? null : now + expiresIn;
    const { keyId, secret: key } = await makeKey(owner, { tenantId, name, purpose: { kind: 'publishable', allowedOrigins, isDevelopment }, ...(expiresAt === null ? {} : { expiresAt }) }, now);
    await noteDecision(context, { tenantId, subjectId: keyId, kind: 'key_made', rule: 'Whoever runs this deployment makes keys.', inputs: { keyId, expiresAt, keyKind: 'publishable', allowedOrigins, isDevelopment }, actor: by, now });
    return done({ keyId, tenantId, key, allowedOrigins, isDevelopment, expiresAt: isoOrNull(expiresAt) });
  },
  text: ({ keyId, key, allowedOrigins, isDevelopment, expiresAt }) => [
    `${keyId}${expiresAt === null ? '' : `, until ${readable(expiresAt)}`}`,
    key,
    `  → For pages of ${[...allowedOrigins, ...(isDevelopment ? ['http://localhost'] : [])].join(', ') || 'no origin: apps alone'}. It is no secret; it is shown this once.`,
  ].join('\n'),
});

export const publishableKeyCommands: readonly Command[] = [make];
