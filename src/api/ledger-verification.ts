import { z } from 'zod';
import { readLedgerHead } from '../../db/read/ledger-chain.ts';
import { verifyLedger } from '../../db/read/verify-ledger.ts';
import { sayFault } from '../domain/ledger/verdict.ts';
import { instantOut, iso } from './fields.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

/** Looked through in about a second; a larger ledger is the operator's to verify. */
const MOST_CHECKED_HERE = 20_000;

const verification = route({
  method: 'get',
  path: '/v1/ledger/verification',
  tag: 'Ledger',
  summary: 'Show the last seal of your books, and whether they hold',
  description: `What is booked is sealed every minute: blocks of up to 1,000 transfers, each hashed (SHA-256) together with the hash before it, without personal data. Keep \`lastBlock\` outside of this system: as long as a later block follows from it, nothing before it was changed. Up to ${MOST_CHECKED_HERE.toLocaleString('en')} transfers are checked while you wait: chain, places and balances; larger books by \`npx flywheel ledger verify\`.`,
  params: none,
  query: none,
  body: none,
  keyed: false,
  costs: { flow: 'previews' },
  answers: {
    200: z.object({
      transfers: z.int().meta({ description: 'How many are booked' }),
      sealed: z.int().meta({ description: 'How many of them are sealed: all but the last minute\'s' }),
      lastBlock: z.object({
        number: z.int(), firstSequence: z.int(), lastSequence: z.int(), hash: z.string(), sealedAt: instantOut,
      }).nullable(),
      outcome: z.enum(['sound', 'broken', 'not_checked']).meta({ description: '`not_checked`: the books are too large for it here' }),
      fault: z.string().nullable().meta({ description: 'The first thing that is wrong, and where' }),
    }).meta({ id: 'LedgerVerification' }),
  },
  problems: [],
  async handle({ tx, tenantId }) {
    const { lastSequence, sealedThrough, lastBlock } = await readLedgerHead(tx, tenantId);
    const verdict = lastSequence > MOST_CHECKED_HERE ? null : await verifyLedger(tx, tenantId);
    const block = lastBlock === null ? null : { number: lastBlock.number, firstSequence: lastBlock.firstSequence, lastSequence: lastBlock.lastSequence, hash: lastBlock.hash, sealedAt: iso(lastBlock.sealedAt) };
    return {
      status: 200,
      body: {
        transfers: lastSequence, sealed: sealedThrough, lastBlock: block, outcome: verdict?.outcome ?? 'not_checked' as const,
        fault: verdict === null || verdict.fault === null ? null : sayFault(verdict.fault),
      },
    };
  },
});

export const ledgerVerificationRoutes: readonly Route[] = [verification];
