import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request } from 'express';
import { fieldOf } from '../support/form-fields.ts';
import type { Flywheel } from './flywheel.ts';
import { practicePage, resultPage } from './pages.ts';
import { countRight, QUESTIONS } from './questions.ts';
import type { User } from './user.ts';

type Wiring = { readonly growth: Flywheel; readonly programId: string; userOf(request: Pick<Request, 'headers'>): User | undefined };

/** Practice, the offer after it, and the challenge that an accepted offer begins. */
export function practiceRouter({ growth, programId, userOf }: Wiring): Router {
  const router = Router();
  router.get('/practice', (_request, response) => void response.type('html').send(practicePage()));

  // Facts first, then the question what to offer. The first practice is this app's first value.
  router.post('/practice', async (request, response) => {
    const user = userOf(request);
    if (user === undefined) return response.redirect(303, '/');
    const field = fieldOf(request);
    const id = `practice-${randomUUID()}`;
    const right = countRight(QUESTIONS.map((_question, n) => Number(field(`q${String(n)}`) || '-1')));
    const scored = { right, of: QUESTIONS.length };
    await growth.tell(
      { eventId: id, type: 'practice_completed', externalId: user.id, properties: scored },
      ...(user.results.size > 0 ? [] : [{ eventId: `first-practice-${user.id}`, type: 'first_value', externalId: user.id }]),
    );
    const offer = await growth.decide(user.id, 'practice_completed', id, scored);
    if (typeof offer !== 'string') await growth.answerOffer(offer.id, 'shown');
    user.results.set(id, { id, right, offer, challenge: null });
    response.redirect(303, `/results/${id}`);
  });

  router.get('/results/:id', async (request, response) => {
    const result = userOf(request)?.results.get(request.params.id);
    if (result === undefined) return response.redirect(303, '/');
    response.type('html').send(resultPage(result, result.challenge === null ? null : await growth.waysToShare(result.challenge.runId)));
  });

  // Told accepted or dismissed; accepted, the challenge begins. A second click finds the one that is there.
  router.post('/results/:id', async (request, response) => {
    const user = userOf(request);
    const result = user?.results.get(request.params.id);
    if (user === undefined || result === undefined || typeof result.offer === 'string' || result.challenge !== null) return response.redirect(303, user === undefined ? '/' : `/results/${request.params.id}`);
    const field = fieldOf(request);
    const accepts = field('do') === 'accepted';
    if (!accepts) await growth.answerOffer(result.offer.id, 'dismissed');
    const challenge = accepts ? await growth.startChallenge(user.id, { programId, promptId: result.offer.id, occasion: result.id, score: result.right, friend: field('friend') }) : null;
    user.results.set(result.id, { ...result, challenge, ...(accepts ? {} : { offer: 'You did not want it.' }) });
    response.redirect(303, `/results/${result.id}`);
  });
  return router;
}
