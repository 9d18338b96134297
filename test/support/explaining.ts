import express from 'express';
import type { z } from 'zod';
import { explainPageRouter } from '../../src/api/explain-page.ts';
import { explainOut } from '../../src/api/explain-body.ts';
import { listen } from '../../src/api/listen.ts';
import { requestLog } from '../../src/api/request-context.ts';
import { openTestApi, listIn, textIn } from './api.ts';
import type { Reply, TestApi } from './api.ts';
import { openPage } from './open-page.ts';
import type { Opened, Opening } from './open-page.ts';
import { openTestSending } from './sending.ts';
import type { TestSending } from './sending.ts';

export type StoryOut = z.output<typeof explainOut>;

/** API, sender and SMTP on one database and one clock, with the pages of stories. */
export type TestExplaining = {
  sending: TestSending;
  api: TestApi;
  /** As the tenant's key; throws where it is refused. */
  call(method: string, path: string, body?: unknown): Promise<Reply>;
  makeProgram(terms?: Record<string, unknown>): Promise<string>;
  /** Accepts (or refuses) invitees over HTTP; their ids in order. */
  invite(body: Record<string, unknown>): Promise<string[]>;
  story(inviteId: string): Promise<StoryOut>;
  /** Makes a one-time link; its path. */
  link(inviteId: string): Promise<string>;
  page(path: string, opening?: Opening): Promise<Opened>;
  /** An invite's story as JSON and as a page, to be searched for what must not stand there. */
  toldOf(inviteId: string): Promise<string[]>;
  close(): Promise<void>;
};

export async function openTestExplaining(): Promise<TestExplaining> {
  const sending = await openTestSending();
  const { clock, deps } = sending;
  const api = await openTestApi({ db: deps.db, clock, keyring: deps.keyring, trustProxy: 1 });
  const pages = await listen(express().use(requestLog(api.services.log), explainPageRouter(api.services)), { port: 0, host: '127.0.0.1' });
  const call: TestExplaining['call'] = async (method, path, body) => {
    const reply = await api.send(sending.tenant, method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${String(reply.status)} ${reply.text}`);
    return reply;
  };
  const story: TestExplaining['story'] = async (inviteId) => explainOut.parse((await call('GET', `/v1/invites/${inviteId}/explain`)).body);
  const link: TestExplaining['link'] = async (inviteId) => new URL(textIn((await call('POST', '/v1/explain-links', { inviteId })).body, 'url')).pathname;
  const page: TestExplaining['page'] = (path, opening) => openPage(pages.url, path, opening);
  return {
    sending, api, call, story, link, page,
    makeProgram: async (terms = {}) => textIn((await call('POST', '/v1/programs', { loop: 'invite', title: 'Kite days', terms })).body, 'id'),
    invite: async (body) => listIn((await call('POST', '/v1/invites', body)).body, 'invites').map((one) => textIn(one, 'id')),
    toldOf: async (inviteId) => [JSON.stringify(await story(inviteId)), (await page(await link(inviteId), { method: 'POST' })).text],
    async close() {
      await pages.close(200);
      await api.close();
      await sending.close();
    },
  };
}

/** An invitee whose address (`canary-…`) and name must never be told. */
export function canary(email: string, more: Record<string, unknown> = {}) {
  return { email, name: 'Kanarienvogel', zone: 'Europe/Paris', consent: { basis: 'inviter_attested' }, ...more };
}

export const CANARIES = ['canary', 'Kanarienvogel', '203.0.113.77', 'iPhone', 'owner-17@kite.example'];

/** Which of the canaries stand in texts, small or large, and the keyed hash of the recipient's address, if any of them does. */
export async function tellsOf({ sending, toldOf }: TestExplaining, inviteId: string): Promise<string[]> {
  const rows = await sending.database.superuser<{ hash: string }[]>`
    select encode(recipient_hash, 'hex') as hash from invites where batch_id = ${`bat_${inviteId.slice(4, 30)}`} and recipient_hash is not null`;
  const texts = (await toldOf(inviteId)).map((text) => text.toLowerCase());
  return [...CANARIES, ...rows.map((row) => row.hash)].filter((secret) => texts.some((text) => text.includes(secret.toLowerCase())));
}

export const kindsOf = ({ entries }: StoryOut): string[] => entries.map(({ kind }) => kind);
export const titled = ({ entries }: StoryOut, kind: string): string | undefined => entries.find((entry) => entry.kind === kind)?.title;
