import { z } from 'zod';
import type { BenchChild } from './support/bench-child.ts';
import type { BenchStack } from './support/bench-stack.ts';
import { cpuSince, type CpuMs } from './support/cpu.ts';

export type LaneOptions = { readonly rounds: number; readonly quick: boolean; /** Where CPU profiles of the worker go, one of a round after the counted ones. */ readonly profileDir: string | null; say(line: string): void };

/** How a figure is judged: `atLeast` and `atMost` bind, null is only reported. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number } | null;

/** One line of the table: ours, what it is held against, and what it should be. */
export type Row = {
  readonly lane: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly reference: { readonly name: string; readonly value: number } | null;
  /** What the goal is about: a ratio to the reference, or ours where there is none. */
  readonly judged: number;
  readonly goal: Goal;
  readonly rounds: { readonly ours: readonly number[]; readonly reference: readonly number[] };
  readonly cpuMsPerItem?: CpuMs;
  readonly walBytesPerItem?: number;
  readonly referenceWalBytesPerItem?: number;
  /** What was counted when all was done. */
  readonly exactlyOnce: string;
};

export type Lane = { readonly name: string; readonly title: string; run(stack: BenchStack, options: LaneOptions): Promise<Row[]> };

export type Measured = { readonly ms: number; readonly cpu: CpuMs; readonly walBytes: number };

/** Runs `work`, which returns how long the measured part of it took, between two looks at CPU and write-ahead log. */
export async function measure(stack: BenchStack, work: () => Promise<number>): Promise<Measured> {
  const [cpu, wal] = [stack.cpu(), await stack.walBytes()];
  const ms = await work();
  return { ms, cpu: cpuSince(cpu, stack.cpu()), walBytes: (await stack.walBytes()) - wal };
}

export function perItem({ product, postgres, temporal }: CpuMs, items: number): CpuMs {
  return { product: product / items, postgres: postgres / items, temporal: temporal / items };
}

/** Takes a CPU profile of the worker while `work` runs. */
export async function profiled(worker: BenchChild, file: string, work: () => Promise<unknown>): Promise<void> {
  await worker.call('profile', null, z.unknown());
  await work();
  await worker.call('profiled', file, z.unknown());
}
