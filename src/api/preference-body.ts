import express from 'express';
import type { Request, Response } from 'express';
import { zoneOffsets } from '../domain/send-time/zone-offsets.ts';
import { CHANNELS } from '../domain/message/channel.ts';
import { canonicalTag } from '../domain/message/locale-tags.ts';
import type { Choice } from '../domain/preference/choices.ts';
import { isTopic } from '../domain/preference/consent-act.ts';
import type { Said } from './pages/preference-pages.ts';

/** What came back from the preference page: as it was typed, and what may be kept of it. */
export type SavedForm = {
  do: 'save';
  listed: Choice[];
  wasOn: Choice[];
  on: Choice[];
  typed: { quiet: { start: string; end: string }[]; zone: string; locale: string };
  /** Pairs that are empty are left out. */
  quiet: { start: string; end: string }[];
  problems: Extract<Said, { kind: 'wrong' }>['problems'];
};
export type PreferenceForm = SavedForm | { do: 'stop' | 'again' } | { do: 'nothing' };

const LIMIT_BYTES = 65_536;
const MOST_FIELDS = 1_000;
const MOST_RANGES = 20;
const LONGEST = 100;
const readBytes = express.raw({ type: () => true, limit: LIMIT_BYTES });

/** Reads the posted form (`application/x-www-form-urlencoded`, as browsers send it). What is none, or too much, asks for nothing. */
export async function readPreferenceForm(request: Request, response: Response): Promise<PreferenceForm> {
  const failed = await new Promise<unknown>((settle) => { readBytes(request, response, settle); });
  const bytes: unknown = request.body;
  if (failed !== undefined || !Buffer.isBuffer(bytes)) return { do: 'nothing' };
  const fields = new URLSearchParams(bytes.toString('utf8'));
  if (fields.size > MOST_FIELDS) return { do: 'nothing' };
  const asked = fields.get('do');
  if (asked === 'stop' || asked === 'again') return { do: asked };
  return asked === 'save' ? readSaved(fields) : { do: 'nothing' };
}

function readSaved(fields: URLSearchParams): SavedForm {
  const [from, to] = [fields.getAll('from'), fields.getAll('to')].map((times) => times.map((time) => time.trim().slice(0, LONGEST)));
  const typed = {
    quiet: (from ?? []).slice(0, MOST_RANGES).map((start, place) => ({ start, end: to?.[place] ?? '' })),
    zone: (fields.get('zone') ?? '').slice(0, LONGEST),
    locale: (fields.get('locale') ?? '').slice(0, LONGEST),
  };
  const given = typed.quiet.filter(({ start, end }) => start !== '' || end !== '');
  const quiet = given.flatMap(({ start, end }) => {
    const range = { start: readTime(start), end: readTime(end) };
    return range.start === null || range.end === null || range.start === range.end ? [] : [{ start: range.start, end: range.end }];
  });
  return {
    do: 'save', typed, quiet,
    listed: choicesIn(fields, 'listed'), wasOn: choicesIn(fields, 'was'), on: choicesIn(fields, 'on'),
    problems: [
      ...(quiet.length < given.length || from?.length !== to?.length ? ['wrongHours' as const] : []),
      ...(typed.zone !== '' && zoneOffsets(typed.zone) === null ? ['wrongZone' as const] : []),
      ...(typed.locale !== '' && (canonicalTag(typed.locale) === null || typed.locale.length > 35) ? ['wrongForm' as const] : []),
    ],
  };
}

/** A browser without a field for times lets people type: `9:30` and `9.30` are `09:30`. */
function readTime(typed: string): string | null {
  const [, hour, minute] = /^(\d{1,2})[:.](\d{2})(?::00)?$/.exec(typed) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, '0')}:${minute}`;
}

function choicesIn(fields: URLSearchParams, name: string): Choice[] {
  return fields.getAll(name).flatMap((value) => {
    const [topic = '', named = ''] = value.slice(0, LONGEST).split('.');
    const channel = CHANNELS.find((known) => known === named);
    return channel === undefined || !isTopic(topic) ? [] : [{ topic, channel }];
  });
}
