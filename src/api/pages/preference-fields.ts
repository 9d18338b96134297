import { canonicalTag } from '../../domain/message/locale-tags.ts';
import { PAGE_LANGUAGES } from '../../domain/preference/page-language.ts';
import type { PageLanguage } from '../../domain/preference/page-language.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { PreferenceWords } from './preference-sentences.ts';

/** As the fields show it: wall-clock times `HH:MM`, a zone and a locale, or '' for none. */
export type HoursShown = { quiet: readonly { start: string; end: string }[]; zone: string; locale: string };

/** The quiet hours there are, or an empty pair; and the zone by whose clock they go. */
export function hoursFields({ quiet, zone }: HoursShown, words: PreferenceWords, isWrong: boolean): Html {
  const pairs = quiet.length === 0 ? [{ start: '', end: '' }] : quiet;
  const wrong = isWrong ? html` aria-invalid="true"` : '';
  return html`<fieldset><legend>${words.hoursLegend}</legend>
<p class="soft" id="hours-hint">${words.hoursHint}</p>
${pairs.map(({ start, end }) => html`<div class="hours"><label class="field"><span>${words.from}</span><input type="time" name="from" value="${start}" aria-describedby="hours-hint"${wrong}></label>
<label class="field"><span>${words.to}</span><input type="time" name="to" value="${end}" aria-describedby="hours-hint"${wrong}></label></div>
`)}<label class="field"><span>${words.zone}</span><select name="zone">
${zone === '' ? html`<option value="" selected>${words.zoneUnknown}</option>
` : ''}${zoneOptions(zone)}</select></label></fieldset>
`;
}

/** The languages we write in, each by its own name, and the one that somebody has already. */
export function languageField({ locale }: HoursShown, words: PreferenceWords, lang: PageLanguage): Html {
  const tags = [...new Set([...PAGE_LANGUAGES, ...(canonicalTag(locale) === null ? [] : [locale])])];
  return html`<fieldset><legend>${words.languageLegend}</legend>
<label class="field"><span>${words.language}</span><select name="locale">
<option value=""${locale === '' ? html` selected` : ''}>${words.languageAny}</option>
${tags.map((tag) => html`<option value="${tag}" lang="${tag}"${tag === locale ? html` selected` : ''}>${nameOf(tag, lang)}</option>
`)}</select></label></fieldset>
`;
}

function nameOf(tag: string, lang: PageLanguage): string {
  const name = new Intl.DisplayNames([tag, lang], { type: 'language' }).of(tag) ?? tag;
  return `${name.charAt(0).toLocaleUpperCase(tag)}${name.slice(1)}`;
}

/** IANA zones by their region, `Europe/Paris` as Paris under Europe; a zone that the list does not know comes first. */
function zoneOptions(current: string): Html[] {
  const zones = zonesByRegion();
  const known = [...zones.values()].some((names) => names.includes(current));
  const option = (zone: string, name: string): Html => html`<option value="${zone}"${zone === current ? html` selected` : ''}>${name}</option>
`;
  return [
    ...(current === '' || known ? [] : [option(current, current)]),
    ...[...zones].map(([region, names]) => html`<optgroup label="${region}">
${names.map((zone) => option(zone, zone.slice(region.length + 1).replaceAll('_', ' ')))}</optgroup>
`),
  ];
}

let regions: Map<string, string[]> | undefined;

function zonesByRegion(): Map<string, string[]> {
  if (regions !== undefined) return regions;
  regions = new Map();
  for (const zone of Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/'))) {
    const region = zone.slice(0, zone.indexOf('/'));
    regions.set(region, [...(regions.get(region) ?? []), zone]);
  }
  return regions;
}
