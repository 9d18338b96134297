import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readGivenEnv } from '../config/env.ts';
import { placeTutoringApp } from './demo-app.ts';
import { startBrowser } from './pictures/browser.ts';
import { challengePictures } from './pictures/challenge-pictures.ts';
import { keepDoctor } from './pictures/keep-doctor.ts';
import { keepPicture } from './pictures/keep-picture.ts';
import type { Places } from './pictures/places.ts';
import { rescuePictures } from './pictures/rescue-pictures.ts';
import { rallyPictures } from './pictures/rally-pictures.ts';
import { STORY_SCENES } from './pictures/scenes.ts';
import type { Scene } from './pictures/scenes.ts';
import { tellOfTexts } from './pictures/tell-of-texts.ts';
import { textScenes } from './pictures/text-scenes.ts';
import { startProduct } from './start-product.ts';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'pictures');
const REPLACED = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'SMTP_URL', 'TWILIO_ACCOUNT_SID'] as const;

/** `npm run pictures`: starts the product afresh in a folder of its own, plays the story, and takes the pictures of docs/. */
async function main(): Promise<void> {
  const given = readGivenEnv();
  const replaced = REPLACED.filter((name) => given[name] !== undefined);
  if (replaced.length > 0) throw new Error(`Pictures are taken of the parts that come up by themselves: unset ${replaced.join(', ')}.`);
  const browser = await startBrowser();
  try {
    const asked = new Promise<void>((resolve) => { for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve); });
    const product = await startProduct({ fresh: true, story: true, dir: join(ROOT, '.flywheel', 'pictures'), cacheDir: join(ROOT, '.flywheel', 'cache'), stopAsked: asked });
    try {
      const { apiUrl, secret, inboxUrl, smsUrl, temporalUiUrl, env } = product;
      if (inboxUrl === undefined || smsUrl === undefined || temporalUiUrl === undefined) throw new Error('an inbox or the Temporal UI is not there');
      const stopped = asked.then((): never => { throw new Error('Stopped.'); });
      await Promise.race([takeAll(browser, { apiUrl, secret, inboxUrl, smsUrl, temporalUiUrl }, env), product.failed, stopped]);
    } finally {
      await product.stop();
    }
  } finally {
    await browser.close();
  }
}

async function takeAll(browser: Awaited<ReturnType<typeof startBrowser>>, places: Places, env: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const take = async (scenes: readonly Scene[]): Promise<void> => {
    for (const scene of scenes) process.stdout.write(`${keepPicture(FOLDER, scene.file, await scene.take(browser, places))}\n`);
  };
  await take(STORY_SCENES);
  await take(textScenes(await tellOfTexts(places)));
  await takeChallenge(browser, places);
  for await (const { file, picture } of rescuePictures(browser, places)) process.stdout.write(`${keepPicture(FOLDER, file, picture)}\n`);
  for await (const { file, picture } of rallyPictures(browser, places)) process.stdout.write(`${keepPicture(FOLDER, file, picture)}\n`);
  await keepDoctor(join(ROOT, 'docs', 'tour.md'), { apiUrl: places.apiUrl, env });
}

/** The pictures of a challenge, in the example app that `npm run example` starts. */
async function takeChallenge(browser: Awaited<ReturnType<typeof startBrowser>>, { apiUrl, secret }: Places): Promise<void> {
  const app = await placeTutoringApp((text) => { process.stdout.write(`${text}\n`); });
  try {
    await app.listen({ flywheelUrl: apiUrl, secretKey: secret });
    for await (const { file, picture } of challengePictures(browser, app.url)) process.stdout.write(`${keepPicture(FOLDER, file, picture)}\n`);
  } finally {
    await app.stop();
  }
}

main().then(() => process.exit(0), (error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
