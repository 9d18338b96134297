import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 150_000;

/** Writes a picture; answers its name and size. Throws where it is too large for a repository. */
export function keepPicture(folder: string, name: string, picture: Buffer): string {
  if (picture.length > LARGEST_BYTES) throw new Error(`${name} has ${String(picture.length)} bytes; at most ${String(LARGEST_BYTES)} may be kept. Take a smaller part of the page.`);
  writeFileSync(join(folder, name), picture);
  return `${name} (${String(Math.ceil(picture.length / 1000))} kB)`;
}
