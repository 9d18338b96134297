import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shrinkPng } from './shrink-png.ts';

const LARGEST_BYTES = 150_000;

/** Writes a PNG with 256 colours; answers its name and size. Throws where it is too large for a repository. */
export function keepPicture(folder: string, name: string, png: Buffer): string {
  const smaller = shrinkPng(png);
  if (smaller.length > LARGEST_BYTES) throw new Error(`${name} has ${String(smaller.length)} bytes; at most ${String(LARGEST_BYTES)} may be kept. Take a smaller part of the page.`);
  writeFileSync(join(folder, name), smaller);
  return `${name} (${String(Math.ceil(smaller.length / 1000))} kB)`;
}
