import type { Lane } from '../lane.ts';
import { accept } from './accept.ts';
import { convert } from './convert.ts';
import { decide } from './decide.ts';
import { deliverLarge } from './deliver-large.ts';
import { deliverSmall } from './deliver-small.ts';
import { hold } from './hold.ts';
import { landing } from './landing.ts';
import { lateness } from './lateness.ts';
import { redirect } from './redirect.ts';
import { runs } from './runs.ts';
import { smtp } from './smtp.ts';
import { streaks } from './streaks.ts';
import { thousand } from './thousand.ts';
import { waiting } from './waiting.ts';

export const LANES: readonly Lane[] = [accept, deliverLarge, deliverSmall, smtp, thousand, waiting, redirect, lateness, convert, hold, decide, runs, landing, streaks];
