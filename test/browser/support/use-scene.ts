import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { makeKey } from '../../../db/write/make-key.ts';
import { makeTenant } from '../../../db/write/make-tenant.ts';
import type { DemoApp } from '../../../src/dev/demo-app.ts';
import { findFreePort, LOOPBACK } from '../../../src/dev/free-port.ts';
import { createInboxWeb } from '../../../src/dev/inbox-web.ts';
import { startBrowser, type Size } from '../../../src/dev/pictures/browser.ts';
import { openWholeStack, type WholeStack } from '../../chaos/support/whole-stack.ts';
import { madeByHook } from '../../support/use-test-api.ts';

export const PHONE: Size = { width: 390, height: 800 };
export const SIZES: readonly (readonly [string, Size])[] = [['desktop', { width: 1000, height: 800 }], ['phone', PHONE]];

/** The whole product, a browser, a customer's app that uses it, and the inbox of everybody. Nothing of ours is stood in for. */
export type Scene = { readonly stack: WholeStack; readonly browser: Browser; readonly app: DemoApp; readonly secret: string; readonly inboxUrl: string };

/** A scene for all tests of a file; `prepare` has it first. */
export function useScene(placeApp: () => Promise<DemoApp>, prepare: (scene: Scene) => Promise<void> = () => Promise.resolve()): Scene {
  const made = madeByHook<Scene & { close(): Promise<void> }>('the scene');
  beforeAll(async () => {
    const scene = await openScene(placeApp);
    made.set(scene);
    await prepare(scene);
  }, 120_000);
  afterAll(() => made.get().close(), 30_000);
  return {
    get stack() { return made.get().stack; },
    get browser() { return made.get().browser; },
    get app() { return made.get().app; },
    get secret() { return made.get().secret; },
    get inboxUrl() { return made.get().inboxUrl; },
  };
}

async function openScene(placeApp: () => Promise<DemoApp>): Promise<Scene & { close(): Promise<void> }> {
  const [stack, browser, app] = await Promise.all([openWholeStack({ afterCheck: 'quick', env: { WEBHOOKS_TO_INTERNAL: 'true' } }), startBrowser(), placeApp()]);
  const tenant = await makeTenant(stack.owner.sql, {
    name: 'Lumen', fromAddress: 'hello@lumen.example', fromName: 'Lumen', postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg, Germany', zone: 'UTC',
    publicUrl: stack.apiUrl, linkHosts: [new URL(stack.apiUrl).host], allowedDestinations: [app.host],
  }, Date.now());
  if (tenant.outcome === 'refused') throw new Error(tenant.problems.join('\n'));
  const { secret } = await makeKey(stack.owner.sql, { tenantId: tenant.tenantId, name: 'browser' }, Date.now());
  await app.listen({ flywheelUrl: stack.apiUrl, secretKey: secret });
  const port = await findFreePort();
  const inbox = createServer(createInboxWeb(stack.sink.store));
  await new Promise<void>((resolve) => { inbox.listen(port, LOOPBACK, resolve); });
  return {
    stack, browser, app, secret, inboxUrl: `http://${LOOPBACK}:${String(port)}`,
    async close() {
      await browser.close();
      inbox.closeAllConnections();
      await new Promise((resolve) => { inbox.close(resolve); });
      await app.stop();
      await stack.close();
    },
  };
}
