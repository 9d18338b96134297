import { z } from 'zod';

const asked = z.object({ id: z.number(), command: z.string(), input: z.unknown() });

export type Commands = Readonly<Record<string, (input: unknown) => unknown>>;

/** The child's side of `support/bench-child.ts`. */
export function answerCommands(commands: Commands): void {
  process.on('message', (message) => {
    const { id, command, input } = asked.parse(message);
    const work = commands[command];
    if (work === undefined) {
      process.send?.({ id, error: `there is no command ${command}` });
      return;
    }
    void (async () => work(input))().then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

/** Says that it is ready and answers commands until SIGTERM, then `stop`s. */
export function serveCommands(commands: Commands, stop: () => Promise<void>): void {
  answerCommands(commands);
  // The preload has let go of it, and some of us have nothing else that keeps them alive.
  process.channel?.ref();
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      stop().then(() => process.exit(0), (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      });
    });
  }
  process.send?.('ready');
}
