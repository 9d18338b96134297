import type { Choice } from '../../domain/preference/choices.ts';
import type { PageLanguage } from '../../domain/preference/page-language.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { signature } from './opt-out-pages.ts';
import type { Writer } from './opt-out-pages.ts';
import { named } from './opt-out-words.ts';
import type { Page } from './page.ts';
import { hoursFields, languageField } from './preference-fields.ts';
import type { HoursShown } from './preference-fields.ts';
import { PREFERENCE_STYLE } from './preference-style.ts';
import { PREFERENCE_WORDS } from './preference-words.ts';
import type { PreferenceWords } from './preference-sentences.ts';

/** One topic by one channel; `locked`: shown as off, and not to be switched on here. */
export type ChoiceShown = Choice & { on: boolean; locked: boolean };
export type TopicShown = { topic: string; titles: readonly string[]; choices: readonly ChoiceShown[] };

/** What stands above the form: nothing, that it was saved, or what to put right. */
export type Said = { kind: 'nothing' | 'saved' | 'allowed' } | { kind: 'wrong'; problems: readonly ('wrongHours' | 'wrongZone' | 'wrongForm')[] };

export type PreferencesShown = {
  writer: Writer;
  lang: PageLanguage;
  /** First names, the latest inviter first. */
  inviters: readonly string[];
  topics: readonly TopicShown[];
  smsStopped: boolean;
  /** For a reason that is not the recipient's own choice here. */
  emailHeld: boolean;
  hours: HoursShown;
  said: Said;
};

/** What somebody gets, and the form to change it. Changes nothing by itself; the form posts to the page's own address. */
export function preferencePage(shown: PreferencesShown): Page {
  const { writer, lang, inviters, topics, said, hours } = shown;
  const words = PREFERENCE_WORDS[lang];
  const say = sayer(writer);
  const listed = topics.flatMap(({ choices }) => choices.filter(({ locked }) => !locked));
  return {
    lang,
    style: PREFERENCE_STYLE,
    title: say(words.title),
    body: html`<h1>${say(words.title)}</h1>
${saidAbove(said, words)}<p>${say(words.intro)}</p>
${inviters.length === 0 ? '' : html`<p>${words.invitedBy.replaceAll('{people}', () => listOf(inviters, lang))}</p>
`}<form method="post">
${listed.map((choice) => html`<input type="hidden" name="listed" value="${valueOf(choice)}">${choice.on ? html`<input type="hidden" name="was" value="${valueOf(choice)}">` : ''}
`)}${topics.length === 0 ? '' : html`<fieldset><legend>${words.topicsLegend}</legend>
${topics.map((topic) => topicFields(topic, words))}${notesOf(shown, words, say)}</fieldset>
`}${hoursFields(hours, words, said.kind === 'wrong' && said.problems.includes('wrongHours'))}${languageField(hours, words, lang)}<button name="do" value="save">${words.save}</button>
</form>
<section class="aside" aria-labelledby="stop"><h2 id="stop">${words.stopHeading}</h2>
<p>${say(words.stopText)}</p>
<form method="post"><button class="plain" name="do" value="stop">${words.stopButton}</button></form></section>
${signature(writer)}`,
  };
}

/** For whom nothing is sent any more; `again`: it was their own choice, so they may take it back. */
export function everythingStoppedPage({ writer, lang, again }: { writer: Writer; lang: PageLanguage; again: boolean }): Page {
  const words = PREFERENCE_WORDS[lang];
  const say = sayer(writer);
  return {
    lang,
    style: PREFERENCE_STYLE,
    title: say(words.stoppedHeading),
    body: html`<h1>${say(words.stoppedHeading)}</h1>
<p>${words.stoppedText}</p>
${again ? html`<section class="aside"><p>${words.againText}</p>
<form method="post"><button class="plain" name="do" value="again">${words.againButton}</button></form></section>` : html`<p>${say(words.notAgain)}</p>`}
${signature(writer)}`,
  };
}

/** For a link that stands for nobody, whatever the reason. */
export function unknownPreferencePage(lang: PageLanguage): Page {
  const { unknownTitle, unknown } = PREFERENCE_WORDS[lang];
  return { lang, title: unknownTitle, body: html`<h1>${unknownTitle}</h1>
${unknown.map((line) => html`<p>${line}</p>
`)}` };
}

export function valueOf({ topic, channel }: Choice): string {
  return `${topic}.${channel}`;
}

function topicFields({ topic, titles, choices }: TopicShown, words: PreferenceWords): Html {
  const name = (Object.hasOwn(words.topicNames, topic) ? words.topicNames[topic] : undefined) ?? `${topic.charAt(0).toUpperCase()}${topic.slice(1).replaceAll('_', ' ')}`;
  return html`<div class="topic" role="group" aria-labelledby="topic-${topic}"><p class="name" id="topic-${topic}">${name}</p>
${titles.length === 0 ? '' : html`<p class="soft">${words.programs.replaceAll('{titles}', () => titles.join(', '))}</p>
`}${choices.map((choice) => html`<label class="tick"><input type="checkbox" name="on" value="${valueOf(choice)}"${choice.on ? html` checked` : ''}${choice.locked ? html` disabled` : ''}>${choice.channel === 'email' ? words.byEmail : words.bySms}</label>
`)}</div>
`;
}

function notesOf({ topics, smsStopped, emailHeld }: PreferencesShown, words: PreferenceWords, say: (sentence: string) => string): Html[] {
  const hasSms = topics.some(({ choices }) => choices.some(({ channel, locked }) => channel === 'sms' && !locked));
  const notes = [...(emailHeld ? [say(words.emailHeld)] : []), ...(smsStopped ? [words.smsStopped] : []), ...(hasSms ? [say(words.smsTerms)] : [])];
  return notes.map((note) => html`<p class="soft">${note}</p>
`);
}

function saidAbove(said: Said, words: PreferenceWords): Html | string {
  switch (said.kind) {
    case 'nothing': return '';
    case 'saved': return html`<p class="said good" role="status">${words.saved}</p>
`;
    case 'allowed': return html`<p class="said good" role="status">${words.againDone}</p>
`;
    case 'wrong': return html`<div class="said bad" role="alert"><h2>${words.wrongHeading}</h2>
${said.problems.map((problem) => html`<p>${words[problem]}</p>
`)}</div>
`;
  }
}

function sayer({ tenantName }: Writer): (sentence: string) => string {
  return (sentence) => named(sentence, tenantName);
}

function listOf(people: readonly string[], lang: PageLanguage): string {
  return new Intl.ListFormat(lang, { type: 'conjunction' }).format(people);
}
