import { describeLoop } from '../domain/program/describe-loop.ts';
import { findLiveLoop, liveLoopKeys } from '../../workflows/registry.ts';

/** The loops that are started as runs: what each is for, what a start says, what it hears, how it may end. A row a loop, as `GET /v1/loops` has them. */
export function loopRows(): readonly (readonly string[])[] {
  return liveLoopKeys().toSorted().flatMap((key) => {
    const loop = findLiveLoop(key);
    if (loop === null) return [];
    const { summary, start, roles, terms } = describeLoop(loop.definition);
    const fields = start.fields.map(({ name, kind, isOptional }) => `${name}: ${isOptional ? 'optional ' : ''}${kind}`);
    // What its own pages and mails tell is none of the app's; how every run may end stands beside the table.
    const told = new Set(roles.flatMap(({ hears }) => hears.flatMap(({ type, from }) => (from === 'app' ? [type] : []))));
    return [[`\`${key}\``, summary, codes(fields), codes([...told].toSorted()), codes(Object.keys(loop.definition.life.outcomes)), codes(terms.map(({ name, default: standard }) => `${name}: ${String(standard)}`))]];
  });
}

function codes(texts: readonly string[]): string {
  return texts.length === 0 ? '–' : texts.map((text) => `\`${text}\``).join(', ');
}
