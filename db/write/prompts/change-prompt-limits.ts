import type { TenantId } from '../../../src/domain/ids.ts';
import type { PromptLimits } from '../../../src/domain/prompt/prompt-limits.ts';
import type { Tx } from '../../client.ts';

/** Sets how often this tenant's members are asked, from the next decision on. */
export async function changePromptLimits(tx: Tx, { tenantId, limits, now }: { tenantId: TenantId; limits: PromptLimits; now: number }): Promise<void> {
  const { perHour, perDay, stopAfterIgnored, restDays, coolingHours } = limits;
  await tx.sql`
    insert into prompt_settings (tenant_id, per_hour, per_day, stop_after_ignored, rest_days, cooling_hours, changed_at)
    values (${tenantId}, ${perHour}, ${perDay}, ${stopAfterIgnored}, ${restDays}, ${coolingHours}, ${now})
    on conflict (tenant_id) do update set per_hour = excluded.per_hour, per_day = excluded.per_day, stop_after_ignored = excluded.stop_after_ignored,
      rest_days = excluded.rest_days, cooling_hours = excluded.cooling_hours, changed_at = excluded.changed_at`;
}
