import type { LaidOutMessage } from './laid-out-message.ts';
import type { Line } from './line.ts';

/** The plain text: 72 columns, links bare on lines of their own so that every client finds their ends. */
export function textLayout(message: LaidOutMessage): string {
  const blocks = [
    wrapped([message.tenantName, message.programTitle].filter((line) => line.plain !== '')),
    message.heading.wrapped,
    message.greeting.wrapped,
    ...message.paragraphs.map((line) => line.wrapped),
    `${message.callToAction.wrapped}:\n${message.linkUrl}`,
    ...(message.share === undefined ? [] : [`${message.share.words.wrapped}\n${message.share.url}`]),
    ...linesIn(message.expiry),
    '-'.repeat(8),
    message.reason.wrapped,
    ...linesIn(message.ignore),
    `${message.optOut.wrapped}:\n${message.unsubscribeUrl}`,
    ...(message.preferences === null ? [] : [`${message.preferences.words.wrapped}:\n${message.preferences.url}`]),
    wrapped(message.signature),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function linesIn(line: Line | null): string[] {
  return line === null ? [] : [line.wrapped];
}

function wrapped(lines: readonly Line[]): string {
  return lines.map((line) => line.wrapped).join('\n');
}
