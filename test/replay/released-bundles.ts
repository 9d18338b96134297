import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const FOLDER = join(__dirname, 'bundles');
const FILE = /^sender-(\d+\.\d+\.\d+)\.js\.gz$/;

/** The sender as a release shipped it, bundled: what a worker of that release runs. */
export type ReleasedBundle = { readonly version: string; readonly code: string };

/** Every release that is kept, oldest first. Throws where a file has another name. */
export function releasedBundles(): ReleasedBundle[] {
  return readdirSync(FOLDER).map((name): ReleasedBundle => {
    const version = FILE.exec(name)?.[1];
    if (version === undefined) throw new Error(`${name} is no name of a released bundle: sender-<version>.js.gz`);
    return { version, code: gunzipSync(readFileSync(join(FOLDER, name))).toString('utf8') };
  }).toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}

/** A map is most of a bundle, and the repository's history has what it maps to; the SDK wants one, if an empty one. */
const NO_MAP = Buffer.from(JSON.stringify({ version: 3, file: 'sender.js', sources: [], names: [], mappings: '' })).toString('base64');

/** Keeps a release's bundle; returns its size in bytes. Refuses to write over one: it is a promise to runs that live. */
export function keepBundle({ version, code }: ReleasedBundle): number {
  const name = `sender-${version}.js.gz`;
  if (!FILE.test(name)) throw new Error(`${version} is no version like 1.2.3`);
  const bare = code.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, `\n//# sourceMappingURL=data:application/json;base64,${NO_MAP}`);
  const packed = gzipSync(bare, { level: 9 });
  writeFileSync(join(FOLDER, name), packed, { flag: 'wx' });
  return packed.length;
}
