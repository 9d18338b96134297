import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../workflows/system/sender/contract.ts';
import type { Logger } from '../telemetry/logger.ts';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD

/**
 * Registers our search attributes where they are missing, so that a fresh cluster needs no step by hand. A cluster that
 * lets nobody register (Cloud) must have them already; the server says so when a sender starts.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string, log: Logger): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    log.info({ missing }, 'search attributes registered');
  } catch (error) {
    const again = await connection.operatorService.listSearchAttributes({ namespace });
    if (missing.some((name) => !(name in (again.customAttributes ?? {})))) throw error;
  }
}
