import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { makeKey } from '../../db/write/make-key.ts';
import { makeTenant } from '../../db/write/make-tenant.ts';

const kept = z.object({ tenantId: z.string(), secret: z.string(), story: z.object({ inviteId: z.string(), referralId: z.string() }).nullable() });
/** What earlier starts left for later ones: the demo tenant, its key, what the story left. */
export type Demo = z.infer<typeof kept>;

/** `appHosts`: where its links may lead; the first is where they lead that say nothing else. */
export type DemoPlaces = { ownerUrl: string; file: string; apiUrl: string; appHosts: readonly string[] };

/** The demo tenant and its secret key: found again, or made on the first start. Its addresses follow today's ports. */
export async function demoTenant(places: DemoPlaces): Promise<Demo> {
  const owner = openDatabase({ url: places.ownerUrl, max: 1, name: 'flywheel start' });
  const clock = await openDatabaseClock(owner.sql);
  try {
    const hosts = [new URL(places.apiUrl).host, `localhost:${new URL(places.apiUrl).port}`];
    const earlier = readDemo(places.file);
    if (earlier !== null) {
      const found = await owner.sql`
        update tenants set public_url = ${places.apiUrl}, link_hosts = ${hosts}, allowed_destinations = ${[...places.appHosts]}, tier = 'unlimited' where id = ${earlier.tenantId} returning id`;
      if (found.length > 0) return earlier;
    }
    const made = await makeTenant(owner.sql, {
      name: 'Lumen',
      fromName: 'Lumen',
      fromAddress: 'hello@lumen.example',
      postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg, Germany',
      zone: 'Europe/Berlin',
      publicUrl: places.apiUrl,
      linkHosts: hosts,
      allowedDestinations: [...places.appHosts],
      tier: 'unlimited',
    }, clock.now());
    if (made.outcome === 'refused') throw new Error(made.problems.join('\n'));
    const { secret } = await makeKey(owner.sql, { tenantId: made.tenantId, name: 'demo' }, clock.now());
    const demo = { tenantId: made.tenantId, secret, story: null };
    keepDemo(places.file, demo);
    return demo;
  } finally {
    clock.close();
    await owner.close();
  }
}

export function keepDemo(file: string, demo: Demo): void {
  writeFileSync(file, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
}

function readDemo(file: string): Demo | null {
  if (!existsSync(file)) return null;
  const read = kept.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return read.success ? read.data : null;
}
