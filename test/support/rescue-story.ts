import { proxyActivities } from '@temporalio/workflow';
import { lifeOf } from '../../workflows/kit/life-of.ts';
import type { Run } from '../../workflows/kit/open-run.ts';
import type { RunDefinition } from '../../workflows/kit/run-definition.ts';

/** A small loop with a story in a line, for tests of the kit: somebody asks a buddy for help within two hours. Bundled by itself, no part of the product. */
export const rescueRun = {
  key: 'rescue',
  stages: { asked: 'Waits for the buddy.', co_practice: 'Both practise.' },
  facts: { buddy_joined: { buddyMemberId: 'text', streakDays: 'number' }, buddy_declined: {}, member_finished: {}, buddy_finished: {} },
  outcomes: { expired: 'Nobody came.', declined: 'The buddy would not.', unfinished: 'Not both finished.', rescued: 'The streak lives.' },
} as const satisfies RunDefinition;

export type RescueInput = { readonly deadline: number };

const { shield } = proxyActivities<{ shield(input: { memberId: string }): Promise<void> }>({ startToCloseTimeout: '10 seconds', retry: { maximumInterval: '1 second' } });

export const rescue = lifeOf(rescueRun, async (run: Run<typeof rescueRun, RescueInput>) => {
  const { deadline } = run.input;
  run.stage('asked');
  const answer = await run.next(['buddy_joined', 'buddy_declined'], { until: deadline });
  if (answer.kind === 'deadline') return run.close('expired');
  if (answer.kind === 'buddy_declined') return run.close('declined');

  run.stage('co_practice');
  const finished = await run.all(['member_finished', 'buddy_finished'], { until: deadline });
  if (finished === null) return run.close('unfinished');

  await run.mayAct();
  await shield({ memberId: answer.data.buddyMemberId });
  return run.close('rescued', `for ${String(answer.data.streakDays)} days`);
});
