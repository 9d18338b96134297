import type { LifePage } from '../landing/life-page.ts';
import type { LoopPrompt } from '../prompt/loop-prompt.ts';
import type { IsoWeek } from '../report/iso-week.ts';

/**
 * What one field of a start is: `text` (at most 200 characters, nothing of a person), `number`, `flag`, `instant` (ISO 8601 in, epoch ms
 * inside), `date` (`2026-11-22`), `week` (ISO 8601, `2026-W47`), `member`: the app's own id of a member, who is in the run from its start, in the role of the field's
 * name. `private text`: a first name, the one thing of a person that a start may bring. It is sealed, said by the mails of the run alone (`{{field}}` in their words),
 * and no part of the run's input.
 */
export type StartKind = 'text' | 'number' | 'flag' | 'instant' | 'date' | 'week' | 'member' | 'private text';
export type StartField = StartKind | `optional ${StartKind}`;
/** What reaches the run's input. */
export type StartValue = { text: string; number: number; flag: boolean; instant: number; date: string; week: IsoWeek; member: string };

/** Fields of a fact's data. */
export type FactFieldKind = 'text' | 'number' | 'flag';

/** What a message leaves open: `date` and `time` are given in epoch ms and said in the reader's zone and language. */
export type MessageValueKind = 'text' | 'number' | 'date' | 'time';
export type MessageValues = Readonly<Record<string, MessageValueKind>>;

/** What somebody in a run is to it, and which of their events it hears: an event's type to the run's fact. */
export type LiveRole = { readonly title: string; readonly hears: Readonly<Record<string, string>> };

/** A number of the loop's own that a program may change (`terms.life`) and a run keeps from its start. Its unit ends its name. */
export type LiveTerm = { readonly default: number; readonly min: number; readonly max: number };

/**
 * The life of a loop that is started for a member, one run each time, as data: API, OpenAPI, docs and kit follow from it. A run's
 * `member` is always there as a role: for whom it was started.
 */
export type LiveLife = {
  readonly start: {
    readonly fields: Readonly<Record<string, StartField>>;
    /** The fields that name the occasion: there is one run for each, program and member. Left out: only the caller's `subject` does. */
    readonly subject?: readonly string[];
    /** Where it stands before its workflow has said anything. */
    readonly stage: string;
    /** How many invitees may be named at the start; left out: none. */
    readonly invitees?: { readonly min: number; readonly max: number };
    /** Fields of kind `instant` or `date` that must lie so many hours around the start at most. */
    readonly near?: Readonly<Record<string, number>>;
  };
  readonly roles: { readonly member: LiveRole } & Readonly<Record<string, LiveRole>>;
  readonly facts: Readonly<Record<string, Readonly<Record<string, FactFieldKind>>>>;
  /** What it may say to those in it, each message with its values: the loop's copy has the words under the same keys. */
  readonly messages?: Readonly<Record<string, MessageValues>>;
  /** Besides its own, every run may end as `canceled`, `opted_out` or `superseded`. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly terms?: Readonly<Record<string, LiveTerm>>;
  /** Units of the tenant's own that its default rewards are counted in, with their titles: a program that keeps those rewards has them defined. */
  readonly units?: Readonly<Record<string, string>>;
  /** What its landing page shows. */
  readonly page?: LifePage;
  /** When a member is asked whether to begin it; left out: only the app begins it. */
  readonly prompt?: LoopPrompt;
  /** The questions that come with the start call, where the loop is played. */
  readonly deck?: LifeDeck;
  /** Its runs have a board of scores until a deadline: which start fields name it and say when it ends. A deck is its placement quiz. */
  readonly board?: LifeBoard;
};

/**
 * By what a loop is played, besides its terms `places`, `rematches`, and `windowHours` or `windowMinutes`. `isOptional`: a run may be without; `endsBy`: the
 * field of the start (an instant) at which it ends at the latest; `shows`: what the member who asked sees meanwhile, scores unless it says otherwise.
 */
export type LifeDeck = { readonly minQuestions: number; readonly maxQuestions: number; readonly isOptional?: boolean; readonly endsBy?: string; readonly shows?: 'scores' | 'countdown' };

/** `title`: the field (text) that names the board; `endsAt`: the one (an instant) at which it ends, `windowHours` of the terms after the start at the latest. */
export type LifeBoard = { readonly title: string; readonly endsAt: string };
