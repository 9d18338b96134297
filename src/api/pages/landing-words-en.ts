import type { LandingWords } from './landing-sentences.ts';

export const en: LandingWords = {
  figures: { score: 'Score', rank: 'Rank', skills: 'Skills improved', minutes: 'Minutes', streak: 'Days in a row' },
  privacy: 'That this page is opened is counted: without your name, without a cookie. So that a visit counts once, a code made of your network is kept for 90 days at most; it cannot be turned back.',
  stop: 'Nothing more like this',
  report: {
    open: 'Report this invitation',
    ask: 'What is wrong with it?',
    reasons: { unknown_sender: 'I do not know who sent it', spam: 'It is advertising or spam', offensive: 'It is offensive or a threat', other: 'Something else' },
    send: 'Report',
  },
  after: {
    declined: 'You declined',
    stopped: { title: 'Done. No more messages from {name}', text: ['This holds from now on and does not expire. A message that has just left may still arrive.', 'You can close this page.'] },
    unknown: {
      title: 'We keep nothing that names you',
      text: ['A person gave you this link. {name} has neither your address nor your number, so there is nothing to delete and nobody to write to.', 'If you want no more links like this one, please tell the person who sent it.'],
    },
    reported: { title: 'Thank you, it is reported', text: ['{name} can now look at this invitation. We noted the reason you chose and nothing about you.', 'You need not answer the invitation. You can close this page.'] },
  },
  closed: {
    revoked: { title: 'This invitation was withdrawn', text: ['It can no longer be accepted. If you would still like to join, ask the person who sent it for a new link.'] },
    expired: { title: 'This invitation has expired', text: ['Its time is over. If you would still like to join, ask the person who sent it for a new link.'] },
    ended: { title: 'This is over', text: ['What this invitation was about has ended already. If you would still like to join, ask the person who sent it for a new link.'] },
    own: { title: 'This is your own link', text: ['Friends who open it see your invitation. Send it to somebody:'] },
    used: { title: 'This invitation was accepted already', text: ['It was meant for one person. If that was you, go on in the browser where you accepted, or at {name}.', 'If it was not you, ask the person who sent it for a link of your own.'] },
    full: { title: 'All places are taken', text: ['Others were faster this time. Ask the person who sent the link to start a new round with you.'] },
  },
  nowhere: { title: 'This link leads nowhere', text: ['It may have been copied without its end, or it is no longer in use.', 'Open it once more from the message you got. If it still ends here, ask the person who sent it for a new one.'] },
  stale: { title: 'Please open the invitation again', text: ['This page was open for a long time, or not all of it arrived. Nothing was changed.'] },
  again: 'Open the invitation',
  goOn: 'Go on to {name}',
  back: 'Changed your mind? Back to the invitation',
  share: { heading: 'Share it', sms: 'Text message', email: 'E-mail', qr: 'QR code of your link' },
};
