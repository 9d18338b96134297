import { z } from 'zod';
import { readLedgerHead } from '../../../db/read/ledger-chain.ts';
import { verifyLedger } from '../../../db/read/verify-ledger.ts';
import type { TenantId } from '../../domain/ids.ts';
import { sayFault, type LedgerVerdict } from '../../domain/ledger/verdict.ts';
import type { Command } from '../command.ts';
import { command, done } from '../command.ts';
import type { Context } from '../context.ts';
import { id, noFields, value } from '../fields.ts';
import { tenantsToAsk } from '../tenant-access.ts';
import { count } from '../text/table.ts';

/** A line of progress for so many transfers. */
const SAY_EVERY = 50_000;

const verify = command({
  name: 'ledger verify',
  summary: 'prove the books: chain, places and balances',
  description: 'Reads every transfer of one tenant, or of all in turn: each sealed block must follow from the one before it and seal what stands there now, places must have no gaps, and each balance must be the sum of its account\'s transfers. It changes nothing and holds nobody up. Names the first broken place; exit code 1 where there is one. Blocks cut off the end show only against a hash you have kept: compare the last one.',
  examples: [
    { line: 'npx flywheel ledger verify', does: 'the books of every tenant' },
    { line: 'npx flywheel ledger verify tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --json', does: 'those of one, for a program' },
  ],
  args: z.strictObject({ tenant: value('tenant id', 'whose books; left out: everybody\'s', id('tnt').optional()) }),
  options: noFields,
  limitMs: null,
  async run({ context, args: { tenant } }) {
    const tenants = await tenantsToAsk(context, tenant);
    if (tenants.kind === 'failed') return tenants;
    const ledgers = [];
    for (const tenantId of tenants.value) ledgers.push({ tenantId, ...(await verifyOne(context, tenantId)) });
    const broken = ledgers.filter(({ outcome }) => outcome === 'broken').length;
    return done({ broken, ledgers }, broken > 0);
  },
  text: ({ ledgers }) => {
    const kept = ledgers.filter(({ outcome, transfers }) => outcome === 'broken' || transfers > 0);
    return kept.length === 0 ? 'Nothing is booked.' : kept.map(ledgerText).join('\n\n');
  },
});

async function verifyOne(context: Context, tenantId: TenantId): Promise<LedgerVerdict & { why: string | null; sealedAt: string | null }> {
  let told = 0;
  const verdict = await context.app().asTenant(tenantId, (tx) => verifyLedger(tx, tenantId, ({ transfers, of }) => {
    if (transfers - told < SAY_EVERY) return;
    told = transfers;
    context.say(`${tenantId}: ${String(transfers)} of ${String(of)} transfers looked at`);
  }));
  const { lastBlock } = await context.app().asTenant(tenantId, (tx) => readLedgerHead(tx, tenantId));
  return { ...verdict, why: verdict.fault === null ? null : sayFault(verdict.fault), sealedAt: lastBlock === null ? null : new Date(lastBlock.sealedAt).toISOString() };
}

function ledgerText({ tenantId, outcome, transfers, sealed, blocks, hash, accounts, why }: LedgerVerdict & { tenantId: TenantId; why: string | null }): string {
  const sealedText = hash === null ? '  nothing is sealed yet' : `  ${count(sealed, 'transfer')} sealed in ${count(blocks, 'block')}; the last is ${hash}`;
  if (outcome === 'sound') return `${tenantId}: sound. ${count(transfers, 'transfer')}, ${count(accounts, 'account')}.\n${sealedText}`;
  return [
    `${tenantId}: BROKEN. ${why ?? ''}`,
    `  up to there ${count(transfers, 'transfer')} in ${count(blocks, 'block')} hold${hash === null ? '' : `, the last with ${hash}`}`,
    '  → keep the database as it is, compare it with your last good backup, and do not pay out until you know who changed it',
  ].join('\n');
}

export const ledgerCommands: readonly Command[] = [verify];
