/**
 * Preload for Node children (`node --import .../exit-with-parent.mjs`) that were given an IPC channel: when the parent is
 * gone, however it ended, the child first gets the chance to finish properly and then goes too.
 * Without a channel it does nothing.
 */
const GRACE_MS = 8000;

if (process.channel) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    // The same signal a supervisor would send: a worker drains, a program without a handler ends at once.
    process.kill(process.pid, 'SIGTERM');
  });
  // Waiting for the parent's end must not keep an otherwise finished child alive.
  process.channel.unref();
}
