import type { PreferenceView, ReachedBy } from '../../db/read/preference-page.ts';
import { cleanPersonName } from '../domain/message/clean-text.ts';
import { isOn, isStopped } from '../domain/preference/choices.ts';
import type { Choice } from '../domain/preference/choices.ts';
import type { PageLanguage } from '../domain/preference/page-language.ts';
import { everythingStoppedPage, preferencePage } from './pages/preference-pages.ts';
import type { ChoiceShown, Said, TopicShown } from './pages/preference-pages.ts';
import type { Page } from './pages/page.ts';
import type { SavedForm } from './preference-body.ts';

type Asked = { view: PreferenceView; inviterNames: readonly string[]; said: Said; form: SavedForm | undefined; lang: PageLanguage };

/** The page that fits what holds: nothing any more, or the choices. `form`: what was typed and could not be kept, shown again. */
export function showPreferences({ view, inviterNames, said, form, lang }: Asked): Page {
  const { addresses, topics } = view;
  if (addresses.every(isAllStopped)) {
    return everythingStoppedPage({ writer: view, lang, again: addresses.some(({ suppressed }) => suppressed === null || suppressed === 'unsubscribe') });
  }
  const suppressedOn = (channel: Choice['channel']) => addresses.find((address) => address.channel === channel)?.suppressed ?? null;
  return preferencePage({
    writer: view, lang, said,
    inviters: inviterNames.flatMap(firstName),
    topics: topics.flatMap((topic): TopicShown[] => {
      const choices = addresses.filter(({ channel }) => topic.channels.includes(channel)).map((address) => choiceShown(address, topic.topic, form));
      return choices.length === 0 ? [] : [{ topic: topic.topic, titles: topic.titles, choices }];
    }),
    smsStopped: suppressedOn('sms') === 'sms_stop',
    emailHeld: suppressedOn('email') !== null,
    hours: form?.typed ?? { quiet: quietShown(view.quietHours), zone: view.zone ?? '', locale: view.locale ?? '' },
  });
}

/** As fields for times can show it: the end of a day is their midnight. */
export function quietShown(quiet: PreferenceView['quietHours']): { start: string; end: string }[] {
  return (quiet ?? []).map(({ start, end }) => ({ start, end: end === '24:00' ? '00:00' : end }));
}

function isAllStopped({ suppressed, held, channel }: ReachedBy): boolean {
  return suppressed !== null || isStopped(held, channel);
}

/** The link came to the mailbox: it proves nothing of a number that an inviter told. To that texts may be switched off here, and not on. */
function choiceShown({ channel, held, suppressed, mayOptIn }: ReachedBy, topic: string, form: SavedForm | undefined): ChoiceShown {
  const typed = form?.on.some((choice) => choice.topic === topic && choice.channel === channel);
  const on = suppressed === null && isOn(held, { topic, channel });
  return { topic, channel, on: typed ?? on, locked: suppressed !== null || (!on && !mayOptIn) };
}

/** Of a name that may be shown: its first word. */
function firstName(name: string): string[] {
  const first = cleanPersonName(name)?.split(/\s/u)[0];
  return first === undefined ? [] : [first];
}
