import { mkdtempSync, rmSync, readFileSync } from 'node:fs'; import { join } from 'node:path'; import { tmpdir } from 'node:os'; import { randomBytes } from 'node:crypto';
import { startPostgres } from './src/dev/postgres.ts'; import { prepareDatabase } from './src/dev/prepare-database.ts'; import { migrate } from './db/migrate.ts'; import { openDatabase } from './db/client.ts';
import { makeTenant } from './db/write/make-tenant.ts'; import { newId } from './src/config/new-id.ts';
async function main() { const dir = mkdtempSync(join(tmpdir(), 'pgc-')); const server = await startPostgres({ dir, throwaway: true });
 try { const { ownerUrl } = await prepareDatabase(server.url, { name: 'pgc', password: 'test' }); await migrate(ownerUrl);
  const o = openDatabase({ url: ownerUrl, max: 1 }); const a = openDatabase({ url: ownerUrl, role: 'flywheel_app', max: 1 });
  const m: any = await makeTenant(o.sql, { name: 'x', fromName: 'L', fromAddress: 'h@x.example', postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg, Germany', zone: 'UTC', publicUrl: 'https://x.example', linkHosts: [], allowedDestinations: ['app.x.example'], tier: 'unlimited' } as any, Date.now());
  const t = m.tenantId; const codes = Array.from({ length: 200 }, (_, i) => `code${String(i).padStart(12, '0')}`);
  await a.asTenant(t, (tx) => tx.sql`insert into links (code, tenant_id, kind, destination, utm, created_at) select c, ${t}, 'share', 'https://app.x.example/join?n=' || c, '{}', now() from unnest(${codes}::text[]) c`);
  const marks = new Map((await a.sql<any[]>`select code, mark::text from resolve_links(${codes}::text[], '{}')`).map((r: any) => [r.code, r.mark]));
  const [{ pid }]: any = await a.sql`select pg_backend_pid() as pid`;
  const cpu = () => { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number); return (f[11]! + f[12]!) * 10; };
  const { bytesArray } = await import('./db/array-params.ts');
  let k = 0;
  const group = async (n: number) => { const now = Date.now(); const cs = Array.from({ length: n }, () => codes[(k++ * 7) % 200]!); const nul = cs.map(() => null);
    return a.sql`select touch_id, is_written, not_counted, mark::text, target from record_touches(${cs.map(() => t)}::text[], ${cs.map(() => newId('tch', now))}::text[], ${cs}::text[], ${cs.map((c) => marks.get(c)!)}::bigint[], ${nul}::text[], ${nul}::text[], ${cs.map(() => 'abcdefghijklmnop')}::text[], ${bytesArray(cs.map(() => randomBytes(16)))}::bytea[], ${cs.map(() => 'linux-firefox')}::text[], ${cs.map(() => now)}::timestamptz[], '1 hour')`; };
  const r1 = await group(3); console.log(r1.length, JSON.stringify(r1[0]));
  for (const n of [1, 1, 4, 8, 16, 32, 64]) { const total = 6000; const before = cpu(); for (let i = 0; i < total / n; i++) await group(n); console.log('group', n, ((cpu() - before) / total * 1000).toFixed(0), 'us cpu per click'); }
  { const before = cpu(); for (let i = 0; i < 4000; i++) await a.sql`select code, mark::text, target from resolve_links(${[codes[i % 200]!]}::text[], '{}')`; console.log('resolve 1:', ((cpu() - before) / 4000 * 1000).toFixed(0)); }
  { const before = cpu(); for (let i = 0; i < 4000; i++) await a.sql`select 1`; console.log('select 1:', ((cpu() - before) / 4000 * 1000).toFixed(0)); }
  { const before = cpu(); const now = Date.now(); for (let i = 0; i < 4000; i++) await a.sql`select record_touch(${t}, ${newId('tch', now)}, ${codes[i % 200]!}, null, null, 'v', ${randomBytes(16)}, 'app', ${now}, ${now - 3_600_000})`; console.log('old record_touch 1:', ((cpu() - before) / 4000 * 1000).toFixed(0)); }
  { await o.sql.unsafe('create table clk (id text primary key, code text not null, agent text, ip text, at timestamptz not null); create index on clk (code); grant insert on clk to flywheel_app'); const before = cpu(); for (let i = 0; i < 4000; i++) await a.sql`insert into clk (id, code, agent, ip, at) values (${'tch_' + i}, ${codes[i % 200]!}, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', '10.1.1.1', now())`; console.log('express insert:', ((cpu() - before) / 4000 * 1000).toFixed(0)); }
  await o.close(); await a.close();
 } finally { await server.stop(); rmSync(dir, { recursive: true, force: true }); } }
void main();
