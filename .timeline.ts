import { openBenchStack } from './test/bench/support/bench-stack.ts';
import { startDevServer } from './test/bench/support/temporal-server.ts';
import { makeBenchTenant } from './test/bench/support/bench-tenant.ts';
import { deliverHeld, handedBy, takeHanded } from './test/bench/support/deliveries.ts';
import { acceptHeld } from './test/bench/support/invites.ts';
import { readFileSync } from 'node:fs';
import { bossRound, startBoss } from './test/bench/lanes/deliver-large.ts';
import { measure, profiled } from './test/bench/lane.ts';
async function main() {
  const stack = await openBenchStack({ startTemporal: (place) => startDevServer(place.dir), say: console.log });
  try {
    const per = Number(process.env.PER ?? 1000), total = Number(process.env.TOTAL ?? 10000);
    const sizes = per === 3 ? Array.from({ length: total / 3 }, (_, i) => 1 + (i % 5)) : Array.from({ length: total / per }, () => per);
    const boss = await startBoss(stack); const cpuOf = (pid: number) => { const x = readFileSync(`/proc/${pid}/stat`, 'utf8'); const a = x.slice(x.lastIndexOf(')') + 2).split(' '); return (Number(a[11]) + Number(a[12])) * 10; };
    const worker = await stack.worker('no-op'); const tenant = await makeBenchTenant(stack, 'tl');
    for (let r = 0; r < Number(process.env.ROUNDS ?? 3); r++) {
      const addresses = await acceptHeld(stack, [tenant], sizes); await stack.superuser.sql`analyze`;
      let start = 0; let ms = 0;
      const m = await measure(stack, async () => { start = performance.timeOrigin + performance.now(); ms = await deliverHeld(stack, [tenant], addresses.length, handedBy(worker)); return ms; });
      const handed = (await takeHanded(worker)).map((h) => h.at - start).sort((a, b) => a - b);
      const buckets = new Map<number, number>(); for (const at of handed) buckets.set(Math.floor(at / 250), (buckets.get(Math.floor(at / 250)) ?? 0) + 1);
      const runs: string[] = []; for (const workers of [1, 2]) { let c0 = cpuOf(boss.pid); let enq = 0; const orig = boss.call.bind(boss); const b2: any = { ...boss, call: async (n: string, i: any, z: any) => { if (n === 'run') c0 = cpuOf(boss.pid); const res = await orig(n, i, z); if (n === 'run') enq = cpuOf(boss.pid) - c0; return res; } }; const bm = await bossRound(stack, b2, { sizes, perJob: per === 3 }, { batchSize: per === 3 ? 50 : 100, workers, handler: per === 3 ? 'job' : 'batch', writes: true, mails: 0 }, addresses.length); runs.push(`boss x${workers} ${(addresses.length / bm.ms * 1000).toFixed(0)}/s node ${(enq / addresses.length * 1000).toFixed(0)} pg ${(bm.cpu.postgres / addresses.length * 1000).toFixed(0)}`); }
      console.log(runs.join('; '));
      console.log(`round ${r}: ${(addresses.length / ms * 1000).toFixed(0)}/s first ${handed[0]?.toFixed(0)} last ${handed.at(-1)?.toFixed(0)} end ${ms.toFixed(0)} cpu us ${(m.cpu.product / addresses.length * 1000).toFixed(0)}+${(m.cpu.postgres / addresses.length * 1000).toFixed(0)}+${(m.cpu.temporal / addresses.length * 1000).toFixed(0)}`);
    }
    if (process.argv[2] === 'prof') { await acceptHeld(stack, [tenant], sizes); await profiled(worker, '/tmp/tune/tl.cpuprofile', () => deliverHeld(stack, [tenant], total, handedBy(worker))); }
  } finally { await stack.close(); }
}
main().then(() => process.exit(0), (e) => { console.error(e); process.exit(1); });
