import type { Reply } from './api.ts';

/** Sends until it is refused; answers how many passed and the refusal. */
export async function untilRefused(send: () => Promise<Reply>, most: number): Promise<{ passed: number; refusal: Reply }> {
  for (let passed = 0; passed <= most; passed += 1) {
    const reply = await send();
    if (reply.status === 429) return { passed, refusal: reply };
  }
  throw new Error(`${String(most)} requests passed and none was refused`);
}
