import { isbot } from 'isbot';

/** What a request to a short link tells of who makes it. */
export type VisitSigns = {
  method: string;
  userAgent: string;
  /** Values of `Sec-Purpose`, `Purpose`, `X-Purpose` and `X-Moz`, where sent. */
  purposes: readonly string[];
};

/** `notAPerson` null: nothing speaks against a person. `agentClass` is coarse on purpose: it must not tell people apart. */
export type Visit = { notAPerson: 'head' | 'prefetch' | 'preview' | 'bot' | null; agentClass: string };

/**
 * Programs that fetch a link because somebody shared it, to draw its card. Signal calls itself WhatsApp; iMessage
 * calls itself facebookexternalhit and Twitterbot. Browsers inside these apps have other names and are people.
 */
const PREVIEWERS = new RegExp([
  '^WhatsApp/', 'facebookexternalhit', 'facebot', 'facebookcatalog', 'meta-externalfetcher', 'Slackbot', 'Slack-ImgProxy', 'Discordbot',
  'TelegramBot', 'Twitterbot', 'LinkedInBot', 'SkypeUriPreview', 'MicrosoftPreview', 'Pinterestbot', 'redditbot', 'Snap URL Preview',
  'kakaotalk-scrap', 'line-poker', '^Viber/', 'Mastodon/', 'Cardyb', 'Iframely', 'Embedly', 'vkShare', 'Google-PageRenderer', 'ZoomBot',
].join('|'), 'i');

/** `prefetch;prerender` (Sec-Purpose), `prefetch` (older), `preview` (Safari's top sites). */
const FETCHED_AHEAD = /^\s*(prefetch|prerender|preview|instant)\b/i;

const PLATFORMS: readonly (readonly [string, RegExp])[] = [
  ['ios', /iPhone|iPad|iPod/], ['android', /Android/], ['windows', /Windows/], ['macos', /Macintosh|Mac OS X/],
  ['chromeos', /CrOS/], ['linux', /Linux|X11/],
];
const FAMILIES: readonly (readonly [string, RegExp])[] = [
  ['edge', /Edg(e|A|iOS)?\//], ['opera', /OPR\/|Opera/], ['samsung', /SamsungBrowser/], ['firefox', /Firefox\/|FxiOS/],
  ['chrome', /Chrome\/|CriOS/], ['safari', /Safari\//],
];

/** Who opens a short link: the first sign that it is no person, and the class of the program. */
export function classifyVisit(signs: VisitSigns): Visit {
  const program = programOf(signs.userAgent);
  const agentClass = program ?? `${firstOf(PLATFORMS, signs.userAgent)}-${firstOf(FAMILIES, signs.userAgent)}`;
  if (signs.method === 'HEAD') return { notAPerson: 'head', agentClass };
  if (signs.purposes.some((purpose) => FETCHED_AHEAD.test(purpose))) return { notAPerson: 'prefetch', agentClass };
  return { notAPerson: program, agentClass };
}

/** Nobody's browser sends no name: an empty one is a bot too. */
function programOf(userAgent: string): 'preview' | 'bot' | null {
  if (PREVIEWERS.test(userAgent)) return 'preview';
  return userAgent.trim() === '' || isbot(userAgent) ? 'bot' : null;
}

function firstOf(classes: readonly (readonly [string, RegExp])[], userAgent: string): string {
  return classes.find(([, sign]) => sign.test(userAgent))?.[0] ?? 'other';
}
