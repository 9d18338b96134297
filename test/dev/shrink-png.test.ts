import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { shrinkPng } from '../../src/dev/pictures/shrink-png.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const [RED, GREEN, BLUE, GREY] = [0xff0000, 0x00ff00, 0x0000ff, 0x808080];
const ROWS = [[RED, RED, GREEN], [BLUE, GREY, GREEN], [RED, BLUE, BLUE], [GREY, GREY, RED], [GREEN, BLUE, GREY]];

test('a picture in few colours looks the same afterwards, by whichever filter each of its rows was told', () => {
  expect(pixelsOf(shrinkPng(rgbPng(ROWS)))).toEqual(ROWS);
});

test('of more than 256 colours the frequent ones stay, and each other becomes one near to it', () => {
  const colours = Array.from({ length: 300 }, (_, n) => n * 0x000101 % 0xffff);
  const rows = [Array.from({ length: 300 }, () => RED), colours, Array.from({ length: 300 }, () => RED)];
  const [first, second = []] = pixelsOf(shrinkPng(rgbPng(rows)));
  expect(first).toEqual(rows[0]);
  expect(new Set(second).size).toBeLessThanOrEqual(256);
  expect(second.every((colour, n) => Math.abs((colour & 0xff) - ((colours[n] ?? 0) & 0xff)) <= 64)).toBe(true);
});

test('what is no picture of a browser is refused, not spoilt', () => {
  const deep = rgbPng(ROWS);
  deep[24] = 16;
  expect(() => shrinkPng(deep)).toThrow('of a kind that browsers do not take');
});

/** A PNG of 8 bits a channel whose rows use the filters 0 to 4 in turn. */
function rgbPng(rows: readonly (readonly number[])[]): Buffer {
  const plain = rows.map((row) => row.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]));
  const lines = plain.map((row, y) => [y % 5, ...row.map((byte, x) => (byte - guess(y % 5, [plain[y]?.[x - 3] ?? 0, plain[y - 1]?.[x] ?? 0, plain[y - 1]?.[x - 3] ?? 0])) & 0xff)]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows[0]?.length ?? 0, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.from(lines.flat()))), chunk('IEND', Buffer.alloc(0))]);
}

/** PNG's filters: none, left, above, their mean, Paeth's. */
function guess(filter: number, [left, above, corner]: readonly [number, number, number]): number {
  const estimate = left + above - corner;
  const paeth = [left, above, corner].reduce((best, each) => (Math.abs(estimate - each) < Math.abs(estimate - best) ? each : best));
  return [0, left, above, Math.floor((left + above) / 2), paeth][filter] ?? 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
  framed.writeUInt32BE(data.length, 0);
  framed.writeUInt32BE(crc32(framed.subarray(4, -4)), framed.length - 4);
  return framed;
}

/** The colours of a picture with a palette, row by row; throws where a checksum is wrong. */
function pixelsOf(png: Buffer): number[][] {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const end = at + 8 + png.readUInt32BE(at);
    if (crc32(png.subarray(at + 4, end)) !== png.readUInt32BE(end)) throw new Error('a checksum is wrong');
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end));
  }
  const palette = chunks.get('PLTE') ?? Buffer.alloc(0);
  const width = png.readUInt32BE(16);
  const bytes = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  return Array.from({ length: png.readUInt32BE(20) }, (_row, y) =>
    Array.from({ length: width }, (_pixel, x) => palette.readUIntBE(3 * (bytes[y * (width + 1) + 1 + x] ?? 0), 3)));
}
