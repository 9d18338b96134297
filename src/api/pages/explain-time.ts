import { localText, shortUtcText, utcText } from '../../domain/explain/when.ts';
import type { StoryClock } from '../../domain/explain/when.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** An instant on the recipient's clock with UTC beneath it; UTC alone where no zone is known. */
export function timeOf(at: number, clock: StoryClock, more: Html = html``): Html {
  const local = localText(at, clock);
  const isUtc = clock.zones.every((zone) => zone.name === 'UTC');
  return local === null || isUtc
    ? html`<time datetime="${new Date(at).toISOString()}">${utcText(at, clock.now)} UTC${more}</time>`
    : html`<time datetime="${new Date(at).toISOString()}">${local} <span class="utc">${shortUtcText(at, clock.now)} UTC</span>${more}</time>`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time as people say it, to the nearest: `45 s`, `12 min`, `10 h 30 min`, `3 days 4 h`. */
export function durationText(exactMs: number): string {
  const unitMs = exactMs < MINUTE_MS ? 1000 : exactMs < DAY_MS ? MINUTE_MS : HOUR_MS;
  const ms = Math.round(exactMs / unitMs) * unitMs;
  if (ms < MINUTE_MS) return `${String(Math.floor(ms / 1000))} s`;
  if (ms < HOUR_MS) return `${String(Math.floor(ms / MINUTE_MS))} min`;
  if (ms < DAY_MS) return parted(Math.floor(ms / HOUR_MS), 'h', Math.floor((ms % HOUR_MS) / MINUTE_MS), 'min');
  const days = Math.floor(ms / DAY_MS);
  return parted(days, days === 1 ? 'day' : 'days', Math.floor((ms % DAY_MS) / HOUR_MS), 'h');
}

function parted(whole: number, unit: string, rest: number, restUnit: string): string {
  return `${String(whole)} ${unit}${rest === 0 ? '' : ` ${String(rest)} ${restUnit}`}`;
}
