import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** What helmet puts on every answer, by name: the same each time, so it is asked once. Nothing of ours is shown inside another page. */
export const SECURITY_HEADERS: ReadonlyMap<string, string> = askHelmet();

function askHelmet(): Map<string, string> {
  const set = helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] } } });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const headers = new Map<string, string>();
  response.setHeader = (name, value) => {
    headers.set(name, String(value));
    return response;
  };
  let isDone = false;
  set(request, response, () => { isDone = true; });
  if (!isDone) throw new Error('helmet did not set its headers at once');
  return headers;
}

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
}
