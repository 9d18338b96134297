import { MOST_SKEW_MS, openDatabaseClock } from '../../../db/clock.ts';
import type { LaneService } from '../../../db/read/lane-service.ts';
import { buildName } from '../../config/build.ts';
import type { Context } from '../context.ts';
import { count } from '../text/table.ts';
import { lengthText } from '../text/time.ts';
import { note, ok, problem } from './finding.ts';
import type { Finding } from './finding.ts';
import { nameOf } from './lanes.ts';

/** A machine whose clock is further off shows wrong times in its logs; sending goes by the database's clock. */
const SKEW_MS = 2_000;
/** What served a lane longer ago says nothing of today's workers. */
const TODAY_MS = 24 * 3_600_000;

/** How far this machine's clock, and the workers', stand from the database's. */
export async function checkClocks(context: Context, services: readonly LaneService[], now: number): Promise<Finding[]> {
  const clock = await openDatabaseClock(context.app().sql);
  clock.close();
  const skewMs = Math.round(clock.skewMs());
  const workers = services.filter((service) => service.servedAt !== null && now - service.servedAt < TODAY_MS && Math.abs(service.clockSkewMs ?? 0) > SKEW_MS);
  const known = services.filter((service) => service.clockSkewMs !== null).length;
  return [
    Math.abs(skewMs) > SKEW_MS
      ? problem('clocks', `This machine's clock is ${lengthText(skewMs)} ${skewMs > 0 ? 'ahead of' : 'behind'} the database's.`, 'Synchronise both (chrony, systemd-timesyncd): logs disagree, and short-lived links may be refused.')
      : ok('clocks', `This machine's clock and the database's are within ${lengthText(Math.max(1, Math.abs(skewMs)))}.`),
    ...workers.map((service) => problem('clocks', `The worker that served ${nameOf(service)} last has a clock ${lengthText(service.clockSkewMs ?? 0)} ${(service.clockSkewMs ?? 0) > 0 ? 'ahead of' : 'behind'} the database's${Math.abs(service.clockSkewMs ?? 0) > MOST_SKEW_MS ? ': it sends nothing' : ''}.`,
      'Synchronise that machine\'s clock (chrony, systemd-timesyncd).')),
    ...(known > 0 && workers.length === 0 ? [ok('clocks', `The clocks of the workers that served ${count(known, 'lane')} last are right.`)] : []),
  ];
}

/** Does what serves the lanes run this code? */
export function checkBuilds(services: readonly LaneService[], now: number): Finding[] {
  const build = buildName();
  const recent = services.filter((service) => service.servedAt !== null && now - service.servedAt < TODAY_MS);
  const others = recent.filter((service) => service.servedBy !== build);
  const byBuild = new Map<string, number>();
  for (const { servedBy } of others) byBuild.set(servedBy ?? 'an older version', (byBuild.get(servedBy ?? 'an older version') ?? 0) + 1);
  if (recent.length === 0) return [ok('workers', `This code is ${build}; no lane was served within a day.`)];
  if (others.length === 0) return [ok('workers', `This code is ${build}, and so are the workers that served ${count(recent.length, 'lane')} last.`)];
  return [...byBuild].map(([other, lanes]) => note('workers', `${count(lanes, 'lane')} ${lanes === 1 ? 'was' : 'were'} served last by ${other}; this code is ${build}.`,
    'In the middle of a rollout this is as it should be; after it, replace the workers that are left (npx flywheel replay tells whether they may be).'));
}
