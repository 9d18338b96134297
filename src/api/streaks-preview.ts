import { judgeStreak } from '../domain/streak/judge-streak.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { askedStreak, streakBody, streakFaults, streakOut, streakPreviewIn } from './streaks-body.ts';

const preview = route({
  method: 'post',
  path: '/v1/streaks/preview',
  tag: 'Streaks',
  summary: 'How does a streak stand by these facts?',
  description: 'Works it out with the function that real streaks are worked out with, and changes nothing. An event counts on its own local date, whatever the zone is now. Refused where a zone is unknown, or where something is to have happened after `now`.',
  params: none,
  query: none,
  body: streakPreviewIn,
  keyed: false,
  costs: { flow: 'previews' },
  answers: { 200: streakOut },
  problems: ['invalid_request'],
  handle({ body }) {
    const judged = judgeStreak(askedStreak(body));
    return Promise.resolve(judged.outcome === 'refused' ? streakFaults(judged.faults) : { status: 200, body: streakBody(judged.streak) });
  },
});

export const streakPreviewRoutes: readonly Route[] = [preview];
