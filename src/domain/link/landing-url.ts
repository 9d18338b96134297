import type { TouchId } from '../ids.ts';

/** The five campaign fields, as analytics programs know them (`utm_source` …). */
export const UTM_FIELDS = ['source', 'medium', 'campaign', 'term', 'content'] as const;
export type UtmField = (typeof UTM_FIELDS)[number];
export type Utm = { [field in UtmField]?: string | undefined };

const LONGEST_PASSED_ON = 200;

/**
 * Where a click goes: the destination with `clickId` and the campaign fields appended. What stands in the
 * destination stays byte for byte, its own campaign fields win, the fragment stays last. Only a `clickId` that
 * stands there already is replaced: two of them would leave it to chance which visit a sign-up counts for.
 *
 * `destination` has passed `checkDestination`; `asked` is the query of the short link itself, whose campaign
 * fields are passed on where neither the destination nor the link has its own.
 */
export function landingUrl(destination: string, click: { id: TouchId; utm: Utm; asked: URLSearchParams }): string {
  const url = new URL(destination);
  const pairs = url.search === '' ? [] : url.search.slice(1).split('&').filter((pair) => nameOf(pair) !== 'clickId');
  const own = new Set(pairs.map(nameOf));
  const added = UTM_FIELDS.flatMap((field) => {
    const name = `utm_${field}`;
    const value = click.utm[field] ?? click.asked.get(name)?.slice(0, LONGEST_PASSED_ON);
    return value === undefined || value === '' || own.has(name) ? [] : [new URLSearchParams({ [name]: value }).toString()];
  });
  url.search = [...pairs, ...added, `clickId=${click.id}`].join('&');
  return url.href;
}

function nameOf(pair: string): string {
  return new URLSearchParams(pair).keys().next().value ?? '';
}
