/**
 * Array parameters that postgres.js would mistake: it takes an array's type from its first element, so that an array of
 * bytes or of booleans arrives as a single one. Written as Postgres array literals they arrive as what they are cast to.
 */

/** A `bytea[]` parameter: cast it with `::bytea[]`. */
export function bytesArray(values: readonly (Uint8Array | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"\\\\x${Buffer.from(value).toString('hex')}"`)).join(',')}}`;
}

/** A `boolean[]` parameter: cast it with `::boolean[]`. */
export function flagsArray(values: readonly boolean[]): string {
  return `{${values.join(',')}}`;
}
