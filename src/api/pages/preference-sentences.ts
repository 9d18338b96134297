/** `{name}`: the tenant; `{people}`: who invited last. They suit who is on first-name terms with people and who is not. */
export type PreferenceWords = {
  readonly title: string;
  readonly intro: string;
  readonly invitedBy: string;
  readonly topicsLegend: string;
  /** Topics that every language knows by name; others are shown by their key. */
  readonly topicNames: Readonly<Record<string, string>>;
  readonly programs: string;
  readonly byEmail: string;
  readonly bySms: string;
  /** What somebody agrees to who switches texts on. */
  readonly smsTerms: string;
  readonly smsStopped: string;
  readonly emailHeld: string;
  readonly hoursLegend: string;
  readonly hoursHint: string;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly zoneUnknown: string;
  readonly languageLegend: string;
  readonly language: string;
  readonly languageAny: string;
  readonly save: string;
  readonly saved: string;
  readonly stopHeading: string;
  readonly stopText: string;
  readonly stopButton: string;
  readonly stoppedHeading: string;
  readonly stoppedText: string;
  readonly againText: string;
  readonly againButton: string;
  readonly againDone: string;
  readonly notAgain: string;
  readonly wrongHeading: string;
  readonly wrongHours: string;
  readonly wrongZone: string;
  readonly wrongForm: string;
  readonly unknownTitle: string;
  readonly unknown: readonly string[];
};
