import type { RoleName } from '../../../src/dev/roles.ts';

/** Lines at `error` that a fault brings about rightly, each with the reason why nobody need act on it. */
const EXPECTED: readonly { role: RoleName; line: RegExp; because: string }[] = [];

export function isExpectedLine(role: RoleName, line: string): boolean {
  return EXPECTED.some((expected) => expected.role === role && expected.line.test(line));
}
