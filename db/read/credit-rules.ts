import { DEFAULT_CREDIT_RULE, type CreditRule, type CreditRules } from '../../src/domain/credit/credit-rule.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What programs say of credit now. A tenant has few of them. */
export type ProgramCredit = {
  readonly rules: CreditRules;
  /** The version that a referral which begins now keeps. */
  readonly versions: ReadonlyMap<ProgramId, number>;
  /**
   * For which program a link speaks that names none, of a sign-up at that time (epoch ms): the oldest open one of the loop `referral`, else the
   * oldest open one; where all are closed the oldest, so that the claim is kept with its reason. Null: there is no program.
   */
  readonly programFor: (signedUpAt: number) => ProgramId | null;
};

type Row = { id: ProgramId; version: number; loop: string; closedAt: number | null; credit: Partial<Pick<CreditRule, 'windowMs' | 'prefers' | 'stackable'>> | null };

const REFERRAL_LOOP = 'referral';

export async function loadProgramCredit(tx: Tx): Promise<ProgramCredit> {
  const rows = await tx.sql<Row[]>`
    select p.id, p.version, p.loop, p.closed_at as "closedAt", v.terms -> 'credit' as credit
    from programs p join program_versions v on v.program_id = p.id and v.version = p.version
    where p.tenant_id = current_tenant() order by p.created_at, p.id`;
  return {
    rules: new Map(rows.map(({ id, credit, closedAt }) => [id, { ...DEFAULT_CREDIT_RULE, ...credit, closedAt }])),
    versions: new Map(rows.map(({ id, version }) => [id, version])),
    programFor(signedUpAt) {
      const open = rows.filter(({ closedAt }) => closedAt === null || signedUpAt < closedAt);
      return (open.find(({ loop }) => loop === REFERRAL_LOOP) ?? open[0] ?? rows[0])?.id ?? null;
    },
  };
}
