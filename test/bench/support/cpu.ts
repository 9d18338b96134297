import { readdirSync, readFileSync } from 'node:fs';

/** CPU used so far, in ms: by the product's processes, by PostgreSQL, by Temporal. */
export type CpuMs = { product: number; postgres: number; temporal: number };

/** Linux counts in hundredths of a second, wherever we run. */
const TICK_MS = 10;

/** Reads /proc; zeros where there is none. Of programs that end meanwhile, what their parent has inherited counts. */
export function cpuMs(productPids: readonly number[]): CpuMs {
  const used: CpuMs = { product: 0, postgres: 0, temporal: 0 };
  if (process.platform !== 'linux') return used;
  const below = descendants();
  for (const { pid, name, ms, inheritedMs } of below) {
    if (productPids.includes(pid)) used.product += ms;
    else if (name === 'postgres') used.postgres += ms + inheritedMs;
    else if (name.startsWith('temporal')) used.temporal += ms;
  }
  return used;
}

export function cpuSince(before: CpuMs, now: CpuMs): CpuMs {
  return { product: now.product - before.product, postgres: now.postgres - before.postgres, temporal: now.temporal - before.temporal };
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return Number(kib ?? Number.NaN) * 1024;
}

type Process = { pid: number; parent: number; name: string; ms: number; inheritedMs: number };

function descendants(): Process[] {
  const all = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? readProcess(Number(entry)) : []));
  const found: Process[] = [];
  let parents = new Set([process.pid]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

function readProcess(pid: number): Process[] {
  try {
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${String(pid)}/stat`, 'utf8')) ?? [];
    // Fields 3 and on of proc(5): state, parent, …, 14 user, 15 system, 16 and 17 those of ended children.
    const fields = rest.split(' ').map(Number);
    const ticks = (at: number): number => fields[at - 3] ?? 0;
    return [{ pid, parent: ticks(4), name, ms: (ticks(14) + ticks(15)) * TICK_MS, inheritedMs: (ticks(16) + ticks(17)) * TICK_MS }];
  } catch {
    return []; // ended in between
  }
}
