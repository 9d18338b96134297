import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { z } from 'zod';

/** `profile` begins a CPU profile of this process, `profiled` ends it and writes it to a file that Chrome's DevTools open. */
export function profileCommands(): Record<'profile' | 'profiled', (input: unknown) => Promise<void>> {
  let session: Session | null = null;
  return {
    async profile() {
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
    },
    async profiled(input) {
      const profile = await session?.post('Profiler.stop');
      session?.disconnect();
      writeFileSync(z.string().parse(input), JSON.stringify(profile?.profile));
    },
  };
}
