import express from 'express';
import postgres from 'postgres';
import { z } from 'zod';
import { LOOPBACK } from '../../../src/dev/free-port.ts';
import { serveCommands } from './serve-commands.ts';

/**
 * What one would write in ten minutes: Express, and one INSERT without a check, answered after its commit. Its pool has as
 * many connections as our API's.
 */
const sql = postgres(z.string().parse(process.argv[2]), { max: 20, onnotice: () => {}, connection: { application_name: 'bench express' } });

const invitesBody = z.object({ invitees: z.array(z.object({ email: z.string(), name: z.string(), zone: z.string(), locale: z.string(), consent: z.object({ basis: z.string() }) })) });
let batches = 0;
let clicks = 0;

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/invites', express.json({ limit: '1mb' }), (request, response, next) => {
  void (async () => {
    const { invitees } = invitesBody.parse(request.body);
    batches += 1;
    const batchId = `bat_${String(process.pid)}_${String(batches)}`;
    await sql`
      insert into bench_express.invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, consent_basis, step, due_at, permitted_until, email, name, zone, locale)
      select ${batchId}, i.n, 'tnt_00000000000000000000000000', decode(md5(i.email), 'hex'), 'cnt_00000000000000000000000000', 'waiting', i.consent, 0,
             now() + interval '6 hours', now() + interval '8 hours', i.email, i.name, i.zone, i.locale
      from unnest(${invitees.map((_, n) => n)}::smallint[], ${invitees.map(({ email }) => email)}::text[], ${invitees.map(({ name }) => name)}::text[],
                  ${invitees.map(({ zone }) => zone)}::text[], ${invitees.map(({ locale }) => locale)}::text[], ${invitees.map(({ consent }) => consent.basis)}::text[])
             as i (n, email, name, zone, locale, consent)`;
    response.status(202).json({ batchId, invites: invitees.map((_, n) => ({ id: `${batchId}_${String(n)}`, outcome: 'accepted' })) });
  })().catch(next);
});
app.get('/l/:code', (request, response, next) => {
  void (async () => {
    clicks += 1;
    await sql`
      insert into bench_express.clicks (id, code, agent, ip, at)
      values (${`tch_${String(process.pid)}_${String(clicks)}`}, ${String(request.params['code'])}, ${request.get('user-agent') ?? ''}, ${request.get('x-forwarded-for') ?? ''}, now())`;
    response.redirect(302, 'https://app.bench.example/');
  })().catch(next);
});

async function main(): Promise<void> {
  await sql.unsafe(`
    drop schema if exists bench_express cascade; create schema bench_express;
    create table bench_express.invites (like public.invites including all);
    alter table bench_express.invites add email text, add name text, add zone text, add locale text, set (fillfactor = 50);
    create table bench_express.clicks (id text primary key, code text not null, agent text, ip text, at timestamptz not null);
    create index on bench_express.clicks (code)`);
  const server = app.listen(0, LOOPBACK, () => {
    serveCommands({
      port: () => {
        const address = server.address();
        return address === null || typeof address === 'string' ? 0 : address.port;
      },
      count: async () => (await sql`select (select count(*)::int from bench_express.invites) as invites, (select count(*)::int from bench_express.clicks) as clicks`)[0],
    }, async () => {
      server.closeAllConnections();
      server.close();
      await sql.end({ timeout: 5 });
    });
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
