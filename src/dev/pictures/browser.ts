import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { openDevtools } from './devtools.ts';
import { findBrowser } from './find-browser.ts';

/** In CSS pixels; `width` below 600 counts as a phone. */
export type Size = { readonly width: number; readonly height: number };

export type Tab = {
  /** Opens an address and waits until this JavaScript is true there; throws after 25 s. */
  goTo(url: string, until: string): Promise<void>;
  /** Runs a JavaScript expression in the page, to the end of its promise, then waits as `goTo` does. */
  act(script: string, until: string): Promise<void>;
  /** A PNG of the window; of no more than the page's own height, and of the whole page where `whole` says so, up to that many pixels. */
  picture(whole?: number): Promise<Buffer>;
};

export type Browser = { open(size: Size): Promise<Tab>; close(): Promise<void> };

const WAIT_MS = 25_000;
const LOOK_EVERY_MS = 200;
const PHONE_BELOW = 600;
const nothing = z.unknown().optional();

/** Starts the machine's Chromium without a window and with a profile of its own. It ends with this process. */
export async function startBrowser(): Promise<Browser> {
  const command = findBrowser();
  const profile = mkdtempSync(join(tmpdir(), 'flywheel-browser-'));
  const isRoot = process.getuid?.() === 0;
  const child = spawn(command, [
    '--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--hide-scrollbars', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage', '--lang=en',
    ...(isRoot ? ['--no-sandbox'] : []),
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , into, from] = child.stdio;
  if (!(into instanceof Writable) || !(from instanceof Readable)) throw new Error('the browser has no pipes');
  const ended = once(child, 'close');
  const devtools = openDevtools(into, from);
  return {
    async open({ width, height }) {
      const { targetId } = await devtools.call('Target.createTarget', { url: 'about:blank' }, z.object({ targetId: z.string() }));
      const { sessionId } = await devtools.call('Target.attachToTarget', { targetId, flatten: true }, z.object({ sessionId: z.string() }));
      await devtools.call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < PHONE_BELOW }, nothing, sessionId);
      const value = async <T extends z.ZodType>(expression: string, schema: T): Promise<z.output<T>> => {
        const { result } = await devtools.call('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, z.object({ result: z.object({ value: z.unknown().optional() }) }), sessionId);
        return schema.parse(result.value);
      };
      const waitUntil = async (until: string): Promise<void> => {
        for (const giveUpAt = performance.now() + WAIT_MS; !(await value(`Boolean(${until})`, z.boolean()).catch(() => false));) {
          if (performance.now() > giveUpAt) throw new Error(`The page never came to this: ${until}`);
          await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
        }
      };
      return {
        async goTo(url, until) {
          await devtools.call('Page.navigate', { url }, nothing, sessionId);
          await waitUntil(until);
        },
        async act(script, until) {
          await value(`(async () => { await (${script}); })()`, nothing);
          await waitUntil(until);
        },
        async picture(whole) {
          const own = await value('Math.ceil(document.documentElement.scrollHeight)', z.number());
          const clip = { x: 0, y: 0, width, height: Math.min(own, whole ?? height), scale: 1 };
          const { data } = await devtools.call('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: whole !== undefined }, z.object({ data: z.string() }), sessionId);
          return Buffer.from(data, 'base64');
        },
      };
    },
    async close() {
      await devtools.call('Browser.close', {}, nothing).catch(() => child.kill('SIGKILL'));
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
