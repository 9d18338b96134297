import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { findBrowser } from './find-browser.ts';

/** In CSS pixels; `width` below 600 counts as a phone. */
export type Size = { readonly width: number; readonly height: number };

const WAIT_MS = 25_000;
/** Text stays sharp; without loss the same pages take two to four times the bytes. */
const QUALITY = 80;
const PHONE_BELOW = 600;
/** A frame is drawn coarsely at first, and sharply a moment later; nothing tells when. */
const DRAWN_WITHIN_MS = 1500;

/** Starts the machine's Chromium without a window and with a profile of its own. It ends with this process. */
export function startBrowser(): Promise<Browser> {
  // Chromium has no sandbox where it runs as root.
  return chromium.launch({ executablePath: findBrowser(), chromiumSandbox: process.getuid?.() !== 0, timeout: 2 * WAIT_MS });
}

/** Without a window Chromium calls itself headless, and is taken for a program that looks at links ahead of people. */
const PERSON = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A page of its own, in English, in daylight; whatever is waited for on it comes within 25 s or throws. */
export async function openPage(browser: Browser, { width, height }: Size): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height }, isMobile: width < PHONE_BELOW, locale: 'en-GB', colorScheme: 'light', userAgent: PERSON });
  page.setDefaultTimeout(WAIT_MS);
  return page;
}

/** A WebP of one part of the page, which has to be in it once. */
export function takePart(part: Locator): Promise<Buffer> {
  return part.screenshot({ type: 'webp', quality: QUALITY });
}

/** A WebP of the window, of no more than the page's own height; of `mostHeight` pixels of the page where that is given. */
export async function takePicture(page: Page, mostHeight?: number): Promise<Buffer> {
  const own = await page.evaluate<number>('document.documentElement.scrollHeight');
  const { width, height } = page.viewportSize() ?? { width: 0, height: own };
  await page.setViewportSize({ width, height: Math.min(own, mostHeight ?? height) });
  await page.waitForTimeout(DRAWN_WITHIN_MS);
  return page.screenshot({ type: 'webp', quality: QUALITY });
}
