/** Where the running product is, with the story played. */
export type Places = { readonly apiUrl: string; readonly secret: string; readonly inboxUrl: string; readonly smsUrl: string; readonly temporalUiUrl: string };
