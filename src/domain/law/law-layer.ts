import type { Layer } from '../send-time/send-time-rules.ts';
import type { LawRule } from './law-rule.ts';

/** A rule's hours as a layer of send rules that names it and its source; null for one of dates alone. */
export function layerOf({ title, source, windows, quiet, months }: LawRule): Layer | null {
  if (windows === undefined && quiet === undefined) return null;
  return {
    label: `${title} (${source.title})`,
    ...(windows === undefined ? {} : { windows }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(months === undefined ? {} : { months }),
  };
}
