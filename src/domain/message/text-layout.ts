import type { LaidOutMessage } from './laid-out-message.ts';

const COLUMNS = 72;

/** The plain text: 72 columns, links bare on lines of their own so that every client finds their ends. */
export function textLayout(message: LaidOutMessage): string {
  const blocks = [
    [message.tenantName, message.programTitle].filter((line) => line !== '').map(wrap).join('\n'),
    wrap(message.heading),
    wrap(message.greeting),
    ...message.paragraphs.map(wrap),
    `${wrap(message.callToAction)}:\n${message.linkUrl}`,
    wrap(message.expiry),
    '-'.repeat(8),
    wrap(message.reason),
    wrap(message.ignore),
    `${wrap(message.optOut)}:\n${message.unsubscribeUrl}`,
    message.signature.map(wrap).join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Breaks at spaces before column 72; a longer word (a link, a script without spaces) stays whole. */
export function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
