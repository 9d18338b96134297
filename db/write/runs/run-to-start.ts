import type { MemberId, ProgramId, PromptId } from '../../../src/domain/ids.ts';
import type { LiveLoopDefinition, StartInput } from '../../../src/domain/program/live-loop.ts';
import type { Invitee } from '../accept-invites.ts';

/** A run that somebody asks for. */
export type RunToStart = {
  /** Of the program's loop. */
  readonly loop: LiveLoopDefinition;
  readonly programId: ProgramId;
  readonly memberId: MemberId;
  /** The definition's start fields, read: instants in epoch ms, members by their `mbr_` ids, and whatever ids else its workflow needs. */
  readonly input: StartInput;
  /** The private fields: sealed, and in no input. */
  readonly privates?: Readonly<Record<string, string>>;
  /** The app's name for the occasion; null: as the definition has it, and where it names none each start is a run of its own. */
  readonly subject: string | null;
  readonly invitees?: readonly Invitee[];
  /** The offer that it comes of: accepted with the start. */
  readonly promptId?: PromptId | null;
  readonly actor: string;
};
