export type StartOptions = {
  /** Forget what earlier starts kept. */
  readonly fresh: boolean;
  /** Play the story on the first start. */
  readonly story: boolean;
};

const HELP = `npm start [-- options]

  --fresh       forget everything earlier starts kept
  --no-story    do not play the story
  --help        this text

Data lives in .flywheel/ beside the code. Parts can be replaced by variables; see .env.example.`;

/** Reads the command line; a text is something to print instead of starting, with its exit code. */
export function readStartOptions(args: readonly string[]): StartOptions | { readonly say: string; readonly exitCode: number } {
  if (args.includes('--help') || args.includes('-h')) return { say: HELP, exitCode: 0 };
  const unknown = args.find((arg) => arg !== '--fresh' && arg !== '--no-story');
  if (unknown !== undefined) return { say: `npm start does not know ${unknown}.\n\n${HELP}`, exitCode: 2 };
  return { fresh: args.includes('--fresh'), story: !args.includes('--no-story') };
}
