/**
 * What may go wrong with a transfer at the stand-in:
 * `refuses`: an error answers, nothing is kept. `busy`: 429. `hangs_up_before`, `fails_before`: nothing is kept, and the caller cannot know.
 * `loses_answer`, `fails_after`, `silent_after`, `garbled`: it is paid, and the answer is lost, a 500, never comes, or is nonsense.
 * `arrives_late`: the connection ends at once, and the request is worked off so much later. `repeats`: a network delivers it twice.
 * `pays_later`, `breaks_later`: it stands as pending for so long, then it is paid, or fails.
 */
export type RailFault =
  | { readonly kind: 'refuses'; readonly status: number; readonly code: string }
  | { readonly kind: 'busy'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'hangs_up_before' | 'fails_before' | 'loses_answer' | 'fails_after' | 'silent_after' | 'garbled' | 'repeats' }
  | { readonly kind: 'arrives_late' | 'pays_later' | 'breaks_later'; readonly afterMs: number };

export type AskedTransfer = { readonly payoutId: string; readonly amount: number; readonly currency: string; readonly destination: string };

/** Asked for each request to pay; undefined: all goes well. */
export type RailFaultPlan = (asked: AskedTransfer) => RailFault | undefined;
