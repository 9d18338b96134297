import { z } from 'zod';
import { findMember } from '../../db/read/link-owner.ts';
import { readBoard } from '../../db/read/rally-board.ts';
import { LANDING_LANGUAGES } from '../domain/landing/page-words.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { isId } from '../domain/ids.ts';
import { sayName } from '../domain/rally/anonymous-name.ts';
import { boardPath } from '../domain/rally/board-token.ts';
import { showBoard } from './board-view.ts';
import type { BoardLine } from './board-view.ts';
import { instantOut, iso, textIn } from './fields.ts';
import { memberIdIn } from './link-body.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { runIdIn } from './runs-body.ts';

const count = z.int().min(0);

const lineOut = z.object({
  rank: z.int().min(1).meta({ description: 'Competition ranking: who ties shares the better rank, and the next one is left out (1, 2, 2, 4)' }),
  tied: count.meta({ description: 'How many others have the same score' }),
  name: z.string().meta({ description: 'Made up, the same for this person on this board; it names nobody' }),
  score: count,
  movement: z.enum(['new', 'same', 'up', 'down']).meta({ description: 'Since ranks were noted last' }),
  places: count.meta({ description: 'By how many places' }),
  isOwn: z.boolean(),
});

const boardOut = z.object({
  title: z.string(),
  endsAt: instantOut,
  isOver: z.boolean(),
  players: count,
  practisingNow: count.meta({ description: 'Who practised within the last ten minutes' }),
  top: z.array(lineOut).max(10),
  own: lineOut.nullable().meta({ description: 'The line of the member who was named; null where none was, or who is not on it' }),
  url: z.string().meta({ description: 'The board\'s page, live. With a member named it is the one on which the own rank is marked' }),
}).meta({ id: 'Board' });

const get = route({
  method: 'get',
  path: '/v1/runs/{id}/board',
  tag: 'Runs',
  summary: 'Read a run\'s board',
  description: 'The ten best of a rally under made-up names, and where one member stands. Scores come from the events that you send (`practice_completed` with the number `score` among its properties; with `runId` it puts a member on that board) and from the placement quiz. 404 for a run without a board.',
  params: z.strictObject({ id: runIdIn }),
  query: z.strictObject({
    memberId: memberIdIn.optional(),
    externalId: textIn(200).optional().meta({ description: 'The member by your own id' }),
    lang: z.enum(LANDING_LANGUAGES).optional().meta({ description: 'Of the names; left out: English' }),
  }),
  body: none,
  keyed: false,
  answers: { 200: boardOut },
  problems: ['not_found', 'invalid_request'],
  async handle({ tx, tenantId, params, query, now, services: { keyring } }) {
    const { memberId, externalId, lang = 'en' } = query;
    if (memberId !== undefined && externalId !== undefined) return problem('invalid_request', { errors: [{ path: '?externalId', message: 'Name the member by memberId or by externalId.' }] });
    const { id: runId } = params;
    if (!isId('run', runId)) return problem('not_found');
    const personId = memberId !== undefined ? await findMember(tx, { memberId }) : externalId !== undefined ? await findMember(tx, { externalId }) : null;
    const view = await readBoard(tx, { tenantId, runId, personIds: personId === null ? [] : [personId], now });
    if (view === null) return problem('not_found');
    const shown = showBoard(view, personId === null ? null : view.own.get(personId) ?? null);
    return {
      status: 200,
      body: {
        title: view.title, endsAt: iso(view.endsAt), isOver: view.isOver, players: shown.players, practisingNow: shown.practising,
        top: shown.top.map((line) => lineBody(line, lang)), own: shown.own === null ? null : lineBody(shown.own, lang),
        url: new URL(boardPath(keyring, { tenantId, runId, personId }), view.publicUrl).href,
      },
    };
  },
});

function lineBody({ rank, sharedWith, nameDrawn, score, movement, isOwn }: BoardLine, lang: LandingLanguage): z.input<typeof lineOut> {
  return { rank, tied: sharedWith, name: sayName(nameDrawn, lang), score, movement: movement.kind, places: 'places' in movement ? movement.places : 0, isOwn };
}

export const rallyBoardRoutes: readonly Route[] = [get];
