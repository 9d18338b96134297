import { z } from 'zod';
import { listKeys, tenantOfKey } from '../../../db/read/api-keys.ts';
import type { KeyView } from '../../../db/read/api-keys.ts';
import { tenantIds } from '../../../db/read/tenants.ts';
import { makeKey } from '../../../db/write/make-key.ts';
import { revokeKey } from '../../../db/write/revoke-key.ts';
import { rotateKey } from '../../../db/write/rotate-key.ts';
import type { KeyId } from '../../domain/ids.ts';
import { command, done, failed } from '../command.ts';
import type { Command } from '../command.ts';
import { actor, duration, id, noFields, value } from '../fields.ts';
import { noteDecision } from '../note-decision.ts';
import { noTenant } from '../tenant-access.ts';
import { table } from '../text/table.ts';
import { iso, isoOrNull, readable } from '../text/time.ts';

const DAY_MS = 24 * 3_600_000;
const KEPT_NOWHERE = 'This is shown once and kept nowhere: store it now.';
const oneKey = z.strictObject({ keyId: value('key id', 'the key; npx flywheel key list shows them', id('key')) });

const make = command({
  name: 'key make',
  summary: 'make a secret key for a tenant\'s servers',
  description: 'Makes a key and prints its secret, this once; only a hash of it is kept.',
  examples: [
    { line: 'npx flywheel key make --tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --name production', does: 'a key that lasts until it is revoked' },
    { line: 'npx flywheel key make --tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --name trial --expires-in 30d --json', does: 'one that ends by itself' },
  ],
  args: noFields,
  options: z.strictObject({
    tenant: value('tenant id', 'whose key it is', id('tnt')),
    name: value('text', 'what it is for', z.string().trim().min(1, 'must not be empty').max(120, 'must not be longer than 120 characters')),
    expiresIn: value('time', 'when it ends by itself: 30d, 12h; left out: when it is revoked', duration.optional()),
    actor,
  }),
  async run({ context, options: { tenant: tenantId, name, expiresIn, actor: by } }) {
    const owner = context.owner();
    const now = await context.now(owner);
    if (!(await tenantIds(owner)).includes(tenantId)) return noTenant(tenantId);
    const expiresAt = expiresIn === undefined ? null : now + expiresIn;
    const { keyId, secret } = await makeKey(owner, { tenantId, name, ...(expiresAt === null ? {} : { expiresAt }) }, now);
    await noteDecision(context, { tenantId, subjectId: keyId, kind: 'key_made', rule: 'Whoever runs this deployment makes keys.', inputs: { keyId, expiresAt }, actor: by, now });
    return done({ keyId, tenantId, secret, expiresAt: isoOrNull(expiresAt) });
  },
  text: ({ keyId, secret, expiresAt }) => `${keyId}${expiresAt === null ? '' : `, until ${readable(expiresAt)}`}\n${secret}\n  → ${KEPT_NOWHERE}`,
});

const list = command({
  name: 'key list',
  summary: 'list keys, without their secrets',
  description: 'Lists the keys of one tenant or of all: what each is for, and until when it opens the API.',
  examples: [{ line: 'npx flywheel key list --tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z', does: 'the keys of one tenant' }],
  args: noFields,
  options: z.strictObject({ tenant: value('tenant id', 'only the keys of this tenant', id('tnt').optional()) }),
  async run({ context, options: { tenant } }) {
    const owner = context.owner();
    const now = await context.now(owner);
    return done({ keys: (await listKeys(owner, tenant)).map((key) => keyOut(key, now)) });
  },
  text: ({ keys }) => table(['id', 'tenant', 'name', 'kind', 'state', 'made', 'ends'], keys.map((key) => [key.id, key.tenantId, key.name, key.kind, key.state, readable(key.createdAt), endText(key)]))
    || 'There are no keys.\n  → npx flywheel key make --help',
});

const rotate = command({
  name: 'key rotate',
  summary: 'replace a key, with an overlap in which both work',
  description: 'Makes the successor of a key and prints its secret, this once. The old key goes on working for the overlap, or until its own end if that is sooner: put the new one to use meanwhile.',
  examples: [{ line: 'npx flywheel key rotate key_01kx7m3p9q2r4s5t6v7w8x9y0z --overlap 24h', does: 'both work for a day, then only the new one' }],
  args: oneKey,
  options: z.strictObject({ overlap: value('time', 'how long the old key goes on working: 24h when left out, 0s ends it now', duration.default(DAY_MS)), actor }),
  async run({ context, args: { keyId: oldKeyId }, options: { overlap: overlapMs, actor: by } }) {
    const owner = context.owner();
    const now = await context.now(owner);
    const rotated = await rotateKey(owner, { keyId: oldKeyId, overlapMs }, now);
    if (rotated.outcome === 'unknown') return noKey(oldKeyId);
    if (rotated.outcome === 'ended') return failed(`The key ${oldKeyId} is ${rotated.how} already: nobody uses it, so it has no successor.`, 'npx flywheel key make --help');
    const { keyId, tenantId, name, secret, oldExpiresAt } = rotated;
    const rule = 'A key\'s successor and its predecessor work side by side for the overlap, then only the successor.';
    await noteDecision(context, { tenantId, subjectId: oldKeyId, kind: 'key_rotated', rule, inputs: { successorId: keyId, expiresAt: oldExpiresAt }, actor: by, now });
    return done({ keyId, tenantId, name, secret, oldKeyId, oldExpiresAt: iso(oldExpiresAt) });
  },
  text: ({ keyId, secret, oldKeyId, oldExpiresAt }) => `${keyId}\n${secret}\n  → ${KEPT_NOWHERE} ${oldKeyId} works until ${readable(oldExpiresAt)}.`,
});

const revoke = command({
  name: 'key revoke',
  summary: 'end a key at once',
  description: 'The next request with this key is refused. Revoking again changes nothing. To replace a key that is in use, rotate it.',
  examples: [{ line: 'npx flywheel key revoke key_01kx7m3p9q2r4s5t6v7w8x9y0z --actor leak-7', does: 'end a key that has leaked' }],
  args: oneKey,
  options: z.strictObject({ actor }),
  async run({ context, args: { keyId }, options }) {
    const owner = context.owner();
    const now = await context.now(owner);
    const { outcome } = await revokeKey(owner, keyId, now);
    const tenantId = await tenantOfKey(owner, keyId);
    if (outcome === 'unknown' || tenantId === null) return noKey(keyId);
    if (outcome === 'revoked') await noteDecision(context, { tenantId, subjectId: keyId, kind: 'key_revoked', rule: 'A revoked key opens nothing.', inputs: {}, actor: options.actor, now });
    return done({ keyId, tenantId, changed: outcome === 'revoked' });
  },
  text: ({ keyId, changed }) => `${keyId} ${changed ? 'is revoked' : 'was revoked already'}.`,
});

function noKey(keyId: KeyId) {
  return failed(`There is no key ${keyId}.`, 'npx flywheel key list');
}

function keyOut({ createdAt, expiresAt, revokedAt, ...key }: KeyView, now: number) {
  const state = revokedAt !== null ? 'revoked' : expiresAt === null ? 'live' : expiresAt > now ? 'ending' : 'expired';
  return { ...key, state, createdAt: iso(createdAt), expiresAt: isoOrNull(expiresAt), revokedAt: isoOrNull(revokedAt) };
}

function endText({ expiresAt, revokedAt }: { expiresAt: string | null; revokedAt: string | null }): string {
  const end = revokedAt ?? expiresAt;
  return end === null ? '–' : readable(end);
}

export const keyCommands: readonly Command[] = [make, list, rotate, revoke];
