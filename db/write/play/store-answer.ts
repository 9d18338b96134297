import type { Keyring } from '../../../src/config/keyring.ts';
import type { GuestId, MemberId, TenantId } from '../../../src/domain/ids.ts';
import { judgeAnswer, type AnswerGiven, type Judged, type Play } from '../../../src/domain/play/judge-answer.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import type { Tx } from '../../client.ts';
import type { GameView } from '../../read/play-page.ts';
import { tellStreams } from '../tell-streams.ts';
import { openAnswers } from './store-deck.ts';

type ToStore = { readonly tenantId: TenantId; readonly game: GameView; readonly personId: MemberId | GuestId; readonly given: AnswerGiven; readonly now: number };

/** Judges an answer by the sealed list. */
export function judgeIn(keyring: Keyring, { tenantId, game, given }: Pick<ToStore, 'tenantId' | 'game' | 'given'>): Judged {
  const answers = openAnswers(keyring, tenantId, game.answersSealed);
  return judgeAnswer(given, { answers, choices: game.questions.map(({ choices }) => choices.length), rounds: game.rounds, plays: game.plays, isOver: game.isOver });
}

/** Keeps an answer that was taken, and wakes who watches. Whoever plays is locked, so that the answer is not there yet. */
export async function storeAnswer(tx: Tx, { tenantId, game: { runId }, personId, given, now }: ToStore, isRight: boolean): Promise<Play> {
  const { round, n, choice } = given;
  await tx.sql`
    insert into plays (tenant_id, run_id, person_id, round, n, choice, is_right, at)
    values (${tenantId}, ${runId}, ${personId}, ${round}, ${n}, ${choice}, ${isRight}, ${now})`;
  tellStreams(tx, { tenantId, topics: [runTopic(runId)] });
  return { round, n, choice, isRight, at: now };
}
