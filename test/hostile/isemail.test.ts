import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseEmailAddress } from '../../src/domain/contact/email-address.ts';

/*
 * The addresses of the isemail suite (fixtures/README.md) as our reader sees them, each verdict pinned. isemail tells what
 * RFC 5321 and 5322 allow; we take what real people have, and differ on purpose:
 *  - white space around an address is cut off, line ends too: people paste them. None of it is left in what is sent to;
 *  - a domain needs a dot (`test@io` is valid there);
 *  - quoted local parts, comments, folding white space inside, address literals and domains that only RFC 5322 allows are
 *    refused, where isemail calls them valid, obsolete or unusual: header injection uses them, and people do not.
 * Whether a domain exists (its `dnsWarn…`) is not asked: an address is read, not looked up.
 */
const fixture = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, 'fixtures', name), 'utf8'));
const cases = z.array(z.tuple([z.string(), z.string()])).parse(fixture('isemail.json'));
const verdicts = z.record(z.string(), z.string()).parse(fixture('isemail-verdicts.json'));

/** `ok` and what would be sent to, or why not. */
function verdictOf(typed: string): string {
  const read = parseEmailAddress(typed);
  return read.outcome === 'ok' ? `ok ${read.address}` : read.reason;
}

test('every address of the corpus has its pinned verdict', () => {
  expect(cases.length).toBe(185);
  expect(Object.fromEntries(cases.map(([typed]) => [typed, verdictOf(typed)]))).toEqual(verdicts);
});

test.each([['test@[\0', 'stray_character'], ['(\0)test@example.com', 'stray_character']])('NUL, which JSON fixtures of that suite leave out: %j', (typed, verdict) => {
  expect(verdictOf(typed)).toBe(verdict);
});

test('what isemail refuses we take only for the white space around it, and never as it stands', () => {
  const theirs = new Set(['valid', 'dnsWarnNoRecord', 'dnsWarnNoMXRecord']);
  const wider = cases.filter(([typed, verdict]) => verdictOf(typed).startsWith('ok ') && !theirs.has(verdict));
  expect(wider.length).toBe(25);
  expect(wider.filter(([typed]) => verdictOf(typed) !== `ok ${typed.trim()}` || typed === typed.trim())).toEqual([]);
});

test('of what isemail finds valid we refuse a domain without a dot, and nothing else', () => {
  const narrower = cases.filter(([typed, verdict]) => (verdict === 'valid' || verdict.startsWith('dnsWarn')) && !verdictOf(typed).startsWith('ok '));
  expect(narrower).toEqual([['test@io', 'valid']]);
});

test('no address that is taken could end a line or name a second recipient', () => {
  const taken = cases.map(([typed]) => parseEmailAddress(typed)).flatMap((read) => (read.outcome === 'ok' ? [read.address] : []));
  expect(taken.filter((address) => !/^[^\s\p{C}<>()[\],;:\\"]+@[a-z0-9.-]+$/u.test(address))).toEqual([]);
});
