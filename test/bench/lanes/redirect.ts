import { join } from 'node:path';
import { z } from 'zod';
import { measure, profiled, type Lane, type Measured } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad, type HttpCall } from '../support/http-load.ts';
import { perSecond, rateRow } from '../support/rows.ts';

const CONNECTIONS = 16;
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A click: the touch is committed, then the visitor goes on; against Express and one INSERT per click. */
export const redirect: Lane = {
  name: 'redirect',
  title: 'Redirect with the touch committed, 16 connections',
  async run(stack, { rounds, quick, profileDir, say }) {
    const clicks = quick ? 1_000 : 10_000;
    const tenant = await makeBenchTenant(stack, 'clicked');
    const codes = await makeLinks(stack, tenant, quick ? 20 : 200);
    const express = await stack.startReference('express', {}, [stack.superuserUrl]);
    const [ourLoad, theirLoad] = [openHttpLoad(stack.apiUrl, CONNECTIONS), openHttpLoad(`http://127.0.0.1:${String(await express.call('port', null, z.number()))}`, CONNECTIONS)];
    const [ours, theirs]: [Measured[], Measured[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const calls = clicksOf(codes, clicks, round);
      const mine = await measure(stack, () => ourLoad.sendAll(calls, 302));
      const their = await measure(stack, () => theirLoad.sendAll(calls, 302));
      if (round === 0) await stack.superuser.sql`analyze`;
      say(`round ${String(round)}: ${perSecond(clicks, mine)}, Express ${perSecond(clicks, their)}`);
      if (round > 0) { ours.push(mine); theirs.push(their); }
    }
    const more = profileDir === null ? 0 : clicks;
    if (profileDir !== null) await profiled(stack.api, join(profileDir, 'redirect.cpuprofile'), () => ourLoad.sendAll(clicksOf(codes, clicks, rounds + 1), 302));
    ourLoad.close();
    theirLoad.close();
    const exactlyOnce = await checkTouches(stack, tenant, clicks * (rounds + 1) + more);
    const wrote = (await express.call('count', null, z.object({ clicks: z.number() }))).clicks;
    if (wrote !== clicks * (rounds + 1)) throw new Error(`Express wrote ${String(wrote)} clicks`);
    return [rateRow({
      lane: this.name, what: this.title, unit: 'clicks/s', perRound: clicks, items: clicks, ours, goal: { atLeast: 1.5 }, exactlyOnce,
      reference: { name: 'Express and one INSERT per click', measured: theirs },
    })];
  },
};

/** Each click from a network of its own: as people come, and so that no limit of a network holds one up. */
function clicksOf(codes: readonly string[], count: number, round: number): HttpCall[] {
  return Array.from({ length: count }, (_, i): HttpCall => {
    const visitor = round * count + i;
    const address = `10.${String(visitor >> 16 & 255)}.${String(visitor >> 8 & 255)}.${String(visitor & 255)}`;
    return { method: 'GET', path: `/l/${codes[i % codes.length] ?? ''}`, headers: { 'user-agent': AGENT, 'x-forwarded-for': address, accept: 'text/html' } };
  });
}

async function makeLinks(stack: BenchStack, tenant: BenchTenant, count: number): Promise<string[]> {
  const load = openHttpLoad(stack.apiUrl, 4);
  const codes: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const answer = await load.send({ method: 'POST', path: '/v1/links', secret: tenant.secret, body: JSON.stringify({ destination: `https://${tenant.host}/join?n=${String(i)}` }) });
    if (answer.status !== 201) throw new Error(`a link was answered ${String(answer.status)}: ${answer.text.slice(0, 300)}`);
    codes.push(z.object({ code: z.string() }).parse(JSON.parse(answer.text)).code);
  }
  load.close();
  return codes;
}

async function checkTouches(stack: BenchStack, tenant: BenchTenant, clicks: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ touches: number; counted: number }[]>`
    select count(*)::int as touches, count(*) filter (where counted)::int as counted from touches where tenant_id = ${tenant.tenantId} and kind = 'click'`;
  if (row?.touches !== clicks || row.counted !== clicks) throw new Error(`touches: ${JSON.stringify(row)} of ${String(clicks)}`);
  return `${String(clicks)} clicks, as many touches, each counted`;
}
