/** Reads variables that are not set yet from a file of `NAME=value` lines; answers why it cannot, or null. */
export function loadEnvFile(path: string): string | null {
  try {
    process.loadEnvFile(path);
    return null;
  } catch {
    return `the file ${path} cannot be read`;
  }
}
