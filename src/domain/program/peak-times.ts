import { sendRulesProblems } from '../send-time/plan-send.ts';
import type { Range, SendTimeRules } from '../send-time/plan-send.ts';
import { peakLayers, type PeakPreference } from '../send-time/prefer-peak.ts';

/** When a program's messages do best: told, or learnt from how recipients answered. Never pinned, like send rules. */
export type PeakTimes = PeakPreference | { readonly learnt: true; readonly waitHours: number };

/** Windows a tenant's or program's answers have taught. */
export type LearntWindows = { readonly windows: readonly Range[]; readonly from: 'program' | 'tenant' };

/** The preference that plans are made with today, and whose it is: the program's word, or learnt from its own answers or from all of its tenant's. */
export type PeakInForce = PeakPreference & { readonly source: 'terms' | 'learnt_of_program' | 'learnt_of_tenant' };

/** Three days: a longer wait would outlive the reason a friend invited for. */
export const PEAK_LIMITS = { waitHours: 72, windows: 50 } as const;

/** What is wrong with peak times before they are saved, each with its path; empty when they are fine. */
export function peakTimesProblems(peak: PeakTimes, sendRules: SendTimeRules): string[] {
  const { waitHours } = peak;
  const wait = waitHours >= 1 && waitHours <= PEAK_LIMITS.waitHours ? [] : [`waitHours: is ${String(waitHours)}; 1 to ${String(PEAK_LIMITS.waitHours)} is possible`];
  return 'learnt' in peak ? wait : [...wait, ...windowsProblems(peak, sendRules)];
}

function windowsProblems(peak: PeakPreference, sendRules: SendTimeRules): string[] {
  const { windows, months } = peak;
  if (windows.length === 0) return ['windows: is empty; name at least one, or leave peakTimes out'];
  if (windows.length > PEAK_LIMITS.windows) return [`windows: has ${String(windows.length)}; at most ${String(PEAK_LIMITS.windows)} are possible`];
  if (months?.length === 0) return ['months: is empty; leave it out for all year'];
  const problems = sendRulesProblems({ layers: [{ windows, months }] }).map((problem) => problem.replace('layers[0].', ''));
  if (problems.length > 0 || sendRulesProblems(sendRules).length > 0) return problems;
  const inside = sendRulesProblems({ ...sendRules, layers: [...(sendRules.layers ?? []), ...peakLayers(peak)] });
  return inside.length > 0 ? ['windows: the program\'s own send rules never permit a time inside them'] : [];
}

/** The preference in force; null where there is none, or nothing has been learnt yet. */
export function peakInForce(peak: PeakTimes | undefined, learnt: LearntWindows | null): PeakInForce | null {
  if (peak === undefined) return null;
  if (!('learnt' in peak)) return { ...peak, source: 'terms' };
  if (learnt === null || learnt.windows.length === 0) return null;
  return { windows: learnt.windows, waitHours: peak.waitHours, source: learnt.from === 'program' ? 'learnt_of_program' : 'learnt_of_tenant' };
}
