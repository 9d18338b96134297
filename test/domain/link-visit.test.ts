import fc from 'fast-check';
import { newId } from '../../src/config/new-id.ts';
import { classifyVisit } from '../../src/domain/link/classify-visit.ts';
import { landingUrl } from '../../src/domain/link/landing-url.ts';
import type { Utm } from '../../src/domain/link/landing-url.ts';
import { networkOf } from '../../src/domain/link/network-of.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const get = (userAgent: string, purposes: string[] = []) => classifyVisit({ method: 'GET', userAgent, purposes });

describe('who opens a link', () => {
  test.each([
    ['Safari on an iPhone', IPHONE, 'ios-safari'],
    ['Chrome on Windows', WINDOWS, 'windows-chrome'],
    ['Edge on Windows', `${WINDOWS} Edg/131.0.0.0`, 'windows-edge'],
    ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'linux-firefox'],
    ['Samsung Internet', 'Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36', 'android-samsung'],
    ['the browser inside Facebook', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/485.1.0.45.110]', 'ios-other'],
    ['a phone whose name holds "bot"', 'Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.0.0 Mobile Safari/537.36', 'android-chrome'],
  ])('%s is a person', (_who, userAgent, agentClass) => {
    expect(get(userAgent)).toEqual({ notAPerson: null, agentClass });
  });

  test.each([
    ['WhatsApp and Signal', 'WhatsApp/2.24.6.77 A'], ['Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'], ['Discord', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)'],
    ['Telegram', 'TelegramBot (like TwitterBot)'], ['Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
    ['iMessage', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0'],
    ['Teams', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com'], ['LinkedIn', 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)'],
  ])('%s draws a preview', (_who, userAgent) => {
    expect(get(userAgent)).toEqual({ notAPerson: 'preview', agentClass: 'preview' });
  });

  test.each([['nobody', ''], ['spaces', '  '], ['curl', 'curl/8.5.0'], ['a crawler', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'], ['a script', 'python-requests/2.32.3'], ['an empty browser', 'Mozilla/5.0']])('%s is a bot', (_who, userAgent) => {
    expect(get(userAgent).notAPerson).toBe('bot');
  });

  test.each(['prefetch', 'prefetch;prerender', 'Prefetch;anonymous-client-ip', 'preview', 'instant'])('a browser that fetches ahead (%s) is not yet a person', (purpose) => {
    expect(get(IPHONE, [purpose])).toEqual({ notAPerson: 'prefetch', agentClass: 'ios-safari' });
  });

  test('HEAD is never a person', () => {
    expect(classifyVisit({ method: 'HEAD', userAgent: IPHONE, purposes: [] }).notAPerson).toBe('head');
  });
});

describe('where a click goes', () => {
  const id = newId('tch', 0);
  const go = (destination: string, utm: Utm = {}, asked = '') => landingUrl(destination, { id, utm, asked: new URLSearchParams(asked) });

  test.each([
    ['https://a.example/x', 'https://a.example/x?clickId='],
    ['https://a.example/x?q=a%20b+c&q=2&empty=&flag', 'https://a.example/x?q=a%20b+c&q=2&empty=&flag&clickId='],
    ['https://a.example/x?', 'https://a.example/x?clickId='],
    ['https://a.example', 'https://a.example/?clickId='],
    ['https://a.example/x?clickId=old&b=1', 'https://a.example/x?b=1&clickId='],
  ])('%s keeps its query', (destination, expected) => {
    expect(go(destination)).toBe(expected + id);
  });

  test('the fragment stays last, with what looks like a query in it', () => {
    expect(go('https://a.example/x?q=1#/signup?plan=2')).toBe(`https://a.example/x?q=1&clickId=${id}#/signup?plan=2`);
  });

  test('campaign fields come from the destination first, then from the link, then from the address that was opened', () => {
    const url = new URL(go('https://a.example/?utm_source=own', { source: 'link', medium: 'link & more' }, 'utm_source=asked&utm_medium=asked&utm_campaign=grüße&other=1'));
    expect([...url.searchParams]).toEqual([['utm_source', 'own'], ['utm_medium', 'link & more'], ['utm_campaign', 'grüße'], ['clickId', id]]);
  });

  test('nothing in the opened address can change where the click goes', () => {
    fc.assert(fc.property(fc.webQueryParameters(), fc.string(), (query, value) => {
      const url = new URL(go('https://a.example/x?q=1#f', { term: value }, query));
      expect([url.origin, url.pathname, url.hash, url.searchParams.get('q'), url.searchParams.getAll('clickId')]).toEqual(['https://a.example', '/x', '#f', '1', [id]]);
    }));
  });
});

describe('a visitor\'s network', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'], ['::ffff:192.0.2.7', '192.0.2.7'], ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'], ['2001:DB8:1:2::', '2001:db8:1:2::/64'], ['2001:db8::1', '2001:db8:0:0::/64'], ['fe80::1%eth0', 'fe80:0:0:0::/64'], ['::1', '0:0:0:0::/64'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  const group = fc.integer({ min: 1, max: 0xffff }).map((value) => value.toString(16));
  const half = fc.tuple(group, group, group, group).map((groups) => groups.join(':'));
  test('two addresses of one home are one network, those of two homes are not', () => {
    fc.assert(fc.property(half, half, half, half, (home, other, a, b) => {
      expect(networkOf(`${home}:${a}`)).toBe(networkOf(`${home}:${b}`));
      fc.pre(home !== other);
      expect(networkOf(`${home}:${a}`)).not.toBe(networkOf(`${other}:${a}`));
    }));
  });

  test.each(['', 'nobody', '1.2.3', '1.2.3.4:80', '::g', '[::1]'])('%j is no address', (address) => {
    expect(networkOf(address)).toBeNull();
  });
});
