import fc from 'fast-check';
import { LONGEST_SHARED_LINE, shareKit } from '../../src/domain/share/share-kit.ts';

const draw = (url: string): string => `<svg>${url}</svg>`;
const URL_SHARED = 'https://flywheel.example/i/23456789bcd2fghj';

test('has every way to pass a link on, and no address of anybody', () => {
  expect(shareKit({ url: URL_SHARED, text: 'Beat me & win?', subject: 'A challenge' }, draw)).toEqual({
    webShare: { title: 'A challenge', text: 'Beat me & win?', url: URL_SHARED },
    sms: 'sms:?&body=Beat%20me%20%26%20win%3F%20https%3A%2F%2Fflywheel.example%2Fi%2F23456789bcd2fghj',
    whatsapp: 'https://wa.me/?text=Beat%20me%20%26%20win%3F%20https%3A%2F%2Fflywheel.example%2Fi%2F23456789bcd2fghj',
    facebook: 'https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fflywheel.example%2Fi%2F23456789bcd2fghj',
    mailto: 'mailto:?subject=A%20challenge&body=Beat%20me%20%26%20win%3F%20https%3A%2F%2Fflywheel.example%2Fi%2F23456789bcd2fghj',
    copy: `Beat me & win? ${URL_SHARED}`,
    qrSvg: `<svg>${URL_SHARED}</svg>`,
  });
});

test('whatever the words hold, each way has one recipient field, none filled, and the whole link at its end', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.string({ unit: 'binary', maxLength: 50 }), (text, subject) => {
    const kit = shareKit({ url: URL_SHARED, text, subject }, draw);
    for (const way of [kit.sms, kit.whatsapp, kit.mailto]) {
      expect(way).toMatch(/^(sms:\?&body=|https:\/\/wa\.me\/\?text=|mailto:\?subject=[^&]*&body=)[\w%.~!*'()-]*$/);
      expect(decodeURIComponent(way).endsWith(URL_SHARED)).toBe(true);
    }
    expect(kit.webShare.text.length).toBeLessThanOrEqual(LONGEST_SHARED_LINE);
    expect(kit.copy.endsWith(` ${URL_SHARED}`)).toBe(true);
  }));
});
