import { join } from 'node:path';
import { z } from 'zod';
import { measure, profiled, type Lane, type Measured } from '../lane.ts';
import type { BenchChild } from '../support/bench-child.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, makeLaterProgram, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad, type HttpCall } from '../support/http-load.ts';
import { inviteCall, newAddresses } from '../support/invites.ts';
import { figureRow, perSecond, rateRow } from '../support/rows.ts';
import { median, percentile } from '../support/statistics.ts';

const CONNECTIONS = 16;
const SIZE = 100;
const counted = z.object({ invites: z.number(), clicks: z.number() });

/** POST of 100 invites with all checks on 16 connections; against Express and one INSERT of the same rows, without any. */
export const accept: Lane = {
  name: 'accept',
  title: 'Accept: POST of 100 invites with all checks, 16 connections',
  async run(stack, { rounds, quick, profileDir, say }) {
    const requests = quick ? 32 : 320;
    await stack.worker('no-op');
    const anyTime = await makeBenchTenant(stack, 'accepting');
    const tenant = { ...anyTime, programId: await makeLaterProgram(stack, anyTime) };
    const express = await stack.startReference('express', {}, [stack.superuserUrl]);
    const expressUrl = `http://127.0.0.1:${String(await express.call('port', null, z.number()))}`;
    const [ourLoad, theirLoad] = [openHttpLoad(stack.apiUrl, CONNECTIONS), openHttpLoad(expressUrl, CONNECTIONS)];
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const calls = callsOf(tenant, requests);
      const mine = await measure(stack, () => ourLoad.sendAll(calls, 202));
      const their = await measure(stack, () => theirLoad.sendAll(calls.map((call): HttpCall => ({ ...call, path: '/invites' })), 202));
      say(`round ${String(round)}: ${perSecond(requests, mine)} requests, Express ${perSecond(requests, their)}`);
      if (round > 0) { ours.push(mine); theirs.push(their); }
      else await stack.superuser.sql`analyze`;
    }
    if (profileDir !== null) await profiled(stack.api, join(profileDir, 'accept.cpuprofile'), () => ourLoad.sendAll(callsOf(tenant, requests), 202));
    const our = ours.map(({ ms }) => requests / ms * 1000);
    const steady = await halfLoad(ourLoad, tenant, { perSecond: median(our) / 2, seconds: quick ? 2 : 10, rounds });
    const total = (rounds + 1) * requests;
    const more = profileDir === null ? 0 : requests;
    const exactlyOnce = await checkAccepted(stack, tenant, express, { ours: (total + more + steady.requests) * SIZE, theirs: total * SIZE });
    ourLoad.close();
    theirLoad.close();
    return [rateRow({
      lane: this.name, what: this.title, unit: 'requests/s', perRound: requests, items: requests * SIZE, ours, goal: { atLeast: 0.5 }, exactlyOnce,
      reference: { name: 'Express and one INSERT of the same rows, no checks', measured: theirs },
    }), figureRow({
      lane: this.name, what: 'The same at half that load: p99 of the answer', unit: 'ms', ours: steady.p99Ms, reference: null, judge: 'ours', goal: { atMost: 50 }, exactlyOnce,
    })];
  },
};

function callsOf(tenant: BenchTenant, requests: number): HttpCall[] {
  return Array.from({ length: requests }, () => inviteCall(tenant, newAddresses(SIZE)));
}

/** Requests that come whether or not the last was answered: what waits counts as waiting. */
async function halfLoad(load: ReturnType<typeof openHttpLoad>, tenant: BenchTenant, asked: { perSecond: number; seconds: number; rounds: number }): Promise<{ p99Ms: number[]; requests: number }> {
  const p99Ms: number[] = [];
  const requests = Math.max(20, Math.round(asked.perSecond * asked.seconds));
  for (let round = 0; round < asked.rounds; round += 1) {
    p99Ms.push(percentile(await load.sendSteadily(callsOf(tenant, requests), 1000 / asked.perSecond, 202), 0.99));
  }
  return { p99Ms, requests: requests * asked.rounds };
}

async function checkAccepted(stack: BenchStack, tenant: BenchTenant, express: BenchChild, expected: { ours: number; theirs: number }): Promise<string> {
  const [row] = await stack.superuser.sql<{ invites: number; people: number; cooling: number }[]>`
    select (select count(*)::int from invites where tenant_id = ${tenant.tenantId} and state = 'waiting') as invites,
           (select count(distinct recipient_hash)::int from invites where tenant_id = ${tenant.tenantId}) as people,
           (select count(*)::int from cooling where tenant_id = ${tenant.tenantId}) as cooling`;
  const { invites } = await express.call('count', null, counted);
  if (row?.invites !== expected.ours || row.people !== expected.ours || row.cooling !== expected.ours) throw new Error(`accepted not once each: ${JSON.stringify(row)} of ${String(expected.ours)}`);
  if (invites !== expected.theirs) throw new Error(`Express wrote ${String(invites)} of ${String(expected.theirs)}`);
  return `${String(expected.ours)} accepted, in PostgreSQL once each`;
}
