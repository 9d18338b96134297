import { z } from 'zod';
import { timeRange } from './send-rules.ts';

const windows = z.array(timeRange).max(50).meta({ description: 'On the recipient\'s wall clock; one of them is enough' });
const months = z.array(z.number()).meta({ description: 'Months (1 to 12) in which the windows exist; left out: all year' });
const waitHours = z.number().meta({ description: 'How long a message may wait for a peak, from the first permitted moment: 1 to 72' });

/** A preference inside what the send rules permit: told, or learnt from how recipients answered. */
export const peakTimes = z.union([
  z.strictObject({ windows, months: months.optional(), waitHours }),
  z.strictObject({ learnt: z.literal(true), waitHours }),
]).meta({
  id: 'PeakTimes',
  description: 'When messages do best: windows of the recipient\'s wall clock, or `learnt: true` for those that the last 90 days of answers taught. A message waits for one, at most `waitHours`; it never makes a message expire, and what the send rules forbid stays forbidden.',
});
