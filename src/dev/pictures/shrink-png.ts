import { crc32, deflateSync, inflateSync } from 'node:zlib';

/*
 * PNG (W3C, third edition) as Chromium writes it: 8 bits a channel, RGB or RGBA, not interlaced. Pages have few colours, so a
 * palette of 256 and a thorough deflate leave about a quarter.
 */
const SIGNATURE_BYTES = 8;
const MOST_COLOURS = 256;

type Picture = { readonly width: number; readonly height: number; /** 0xRRGGBB, row by row. */ readonly pixels: Uint32Array };

/** The same picture with at most 256 colours: the most frequent ones, and for each other the nearest of them. Throws for another kind of PNG. */
export function shrinkPng(png: Buffer): Buffer {
  const picture = readPng(png);
  const colours = mostFrequent(picture.pixels);
  const place = placesOf(picture.pixels, colours);
  const rows = Buffer.alloc(picture.height * (picture.width + 1)); // each row begins with its filter: 0, none
  for (let at = 0; at < picture.pixels.length; at += 1) rows[at + Math.floor(at / picture.width) + 1] = place.get(picture.pixels[at] ?? 0) ?? 0;
  const header = Buffer.from(png.subarray(SIGNATURE_BYTES + 8, SIGNATURE_BYTES + 8 + 13));
  header[9] = 3; // colours by their place in the palette
  const palette = Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]));
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}

function readPng(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 2 ? 3 : 4;
  if (png[24] !== 8 || (png[25] !== 2 && png[25] !== 6) || png[28] !== 0) throw new Error('this PNG is of a kind that browsers do not take');
  const parts: Buffer[] = [];
  for (let at = SIGNATURE_BYTES; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const bytes = unfilter(inflateSync(Buffer.concat(parts)), width * channels, channels);
  const pixels = Uint32Array.from({ length: width * height }, (_, n) => bytes.readUIntBE(n * channels, 3));
  return { width, height, pixels };
}

/** Takes the rows' filters away: each byte was told as its difference to its neighbours. */
function unfilter(filtered: Buffer, rowBytes: number, step: number): Buffer {
  const bytes = Buffer.alloc((filtered.length / (rowBytes + 1)) * rowBytes);
  for (let row = 0; row * rowBytes < bytes.length; row += 1) {
    const filter = filtered[row * (rowBytes + 1)] ?? 0;
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * rowBytes + column;
      const left = column < step ? 0 : (bytes[at - step] ?? 0);
      const above = row === 0 ? 0 : (bytes[at - rowBytes] ?? 0);
      const corner = row === 0 || column < step ? 0 : (bytes[at - rowBytes - step] ?? 0);
      bytes[at] = (filtered[at + row + 1] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return bytes;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1: return left;
    case 2: return above;
    case 3: return (left + above) >> 1;
    case 4: {
      const [toLeft, toAbove, toCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
      if (toLeft <= toAbove && toLeft <= toCorner) return left;
      return toAbove <= toCorner ? above : corner;
    }
    default: return 0;
  }
}

function mostFrequent(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_COLOURS).map(([colour]) => colour);
}

function placesOf(pixels: Uint32Array, colours: readonly number[]): Map<number, number> {
  const places = new Map(colours.map((colour, place) => [colour, place]));
  for (const pixel of pixels) if (!places.has(pixel)) places.set(pixel, nearest(pixel, colours));
  return places;
}

function nearest(pixel: number, colours: readonly number[]): number {
  const farness = (colour: number): number => [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 0xff) - ((pixel >> shift) & 0xff)) ** 2, 0);
  return colours.reduce((best, colour, place) => (farness(colour) < farness(colours[best] ?? 0) ? place : best), 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), framed.length - 4);
  return framed;
}
