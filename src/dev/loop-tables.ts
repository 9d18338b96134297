import type { LiveLife } from '../domain/program/live-life.ts';
import { findLiveLoop, liveLoopKeys } from '../../workflows/registry.ts';

/** The loops that are started as runs: what each is for, what a start says, what it hears, how it may end. A row a loop, as the definitions have it. */
export function loopRows(): readonly (readonly string[])[] {
  return liveLoopKeys().toSorted().flatMap((key) => {
    const definition = findLiveLoop(key)?.definition;
    if (definition === undefined) return [];
    const { summary, life } = definition;
    return [[`\`${key}\``, summary, codes(Object.entries(life.start.fields).map(([name, field]) => `${name}: ${field}`)), codes(heardBy(life)), codes(Object.keys(life.outcomes)), codes(Object.entries(life.terms ?? {}).map(([name, { default: standard }]) => `${name}: ${String(standard)}`))]];
  });
}

/** The events of an app that a run hears, of whomever. What its own pages tell is none of the app's. */
function heardBy({ roles }: LiveLife): string[] {
  return [...new Set(Object.values(roles).flatMap(({ hears }) => Object.keys(hears)))].filter((type) => !type.startsWith('invitee_')).toSorted();
}

function codes(texts: readonly string[]): string {
  return texts.length === 0 ? '–' : texts.map((text) => `\`${text}\``).join(', ');
}
