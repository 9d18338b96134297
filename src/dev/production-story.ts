import { join } from 'node:path';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { placeDemoApp } from './demo-app.ts';
import { demoTenant } from './demo-tenant.ts';
import type { Production } from './production-parts.ts';
import { playStory } from './story/play-story.ts';

/** The demo tenant's story against a production-like stack, by real calls; throws where it does not go as it should. */
export async function tellProductionStory(production: Production, { dir, say }: { dir: string; say(line: string): void }): Promise<void> {
  const app = await placeDemoApp(3001, () => {});
  try {
    const { ownerUrl, apiUrl, inboxUrl } = production;
    const demo = await demoTenant({ ownerUrl, apiUrl, file: join(dir, 'demo.json'), appHosts: [app.host] });
    await app.listen({ flywheelUrl: apiUrl, secretKey: demo.secret });
    const startedAt = performance.now();
    say('\nThe story:');
    await playStory({ apiUrl, inboxUrl, secret: demo.secret, now: await databaseNow(ownerUrl), say: (line) => { say(`  ${line}`); } });
    say(`  told in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  } finally {
    await app.stop();
  }
}

async function databaseNow(ownerUrl: string): Promise<number> {
  const db = openDatabase({ url: ownerUrl, max: 1, name: 'flywheel production-like' });
  const clock = await openDatabaseClock(db.sql);
  clock.close();
  await db.close();
  return clock.now();
}
