import type { Readable } from 'node:stream';

/**
 * How far one message came. nodemailer's error codes cannot tell "nothing was sent" from "perhaps delivered",
 * but it reads a message's byte stream only after the server's 354, and appends the final dot only after that
 * stream's end: so the stream itself says it, message by message, whichever pooled connection carried it.
 *
 * `composing`: no connection was asked for. `waiting`: for a connection. `offered`: MAIL, RCPT or DATA are out.
 * `begun`: bytes are going out, the final dot is not. `ended`: the final dot may have left.
 */
export type MessageProgress = 'composing' | 'waiting' | 'offered' | 'begun' | 'ended';

type ByteSource = { createReadStream(options?: { highWaterMark?: number }): Readable };

export type ProgressWatch = { follow(message: ByteSource): void; progress(): MessageProgress };

/** Watches one attempt; `follow` takes over the composed message before it is given to a connection. */
export function watchProgress(): ProgressWatch {
  let composed = false;
  let bytes: Readable | undefined;
  return {
    follow(message) {
      composed = true;
      const open = message.createReadStream.bind(message);
      message.createReadStream = (options) => {
        bytes = open(options);
        return bytes;
      };
    },
    progress() {
      if (bytes === undefined) return composed ? 'waiting' : 'composing';
      if (bytes.readableEnded) return 'ended';
      return bytes.readableDidRead ? 'begun' : 'offered';
    },
  };
}
