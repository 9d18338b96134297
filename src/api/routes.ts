import { auditRoutes } from './audit.ts';
import { deliveryEventRoutes } from './delivery-events.ts';
import { eventRoutes } from './events.ts';
import { hardStopRoutes } from './hard-stops.ts';
import { importRoutes } from './imports.ts';
import { explainRoutes } from './explain.ts';
import { inviteRoutes } from './invites.ts';
import { linkRoutes } from './links.ts';
import { memberRoutes } from './members.ts';
import { preferenceRoutes } from './preferences.ts';
import { programPreviewRoutes } from './program-preview.ts';
import { programVersionRoutes } from './program-versions.ts';
import { peakTimeRoutes } from './peak-times.ts';
import { programRoutes } from './programs.ts';
import { retentionReportRoutes } from './retention-reports.ts';
import type { Route } from './route.ts';
import { sendTimeRoutes } from './send-times.ts';
import { suppressionRoutes } from './suppressions.ts';
import { tenantRoutes } from './tenant.ts';

/** Every route under /v1. A more exact path stands before one with a parameter in its place. */
export const routes: readonly Route[] = [
  ...memberRoutes,
  ...eventRoutes,
  ...programRoutes,
  ...peakTimeRoutes,
  ...programVersionRoutes,
  ...programPreviewRoutes,
  ...sendTimeRoutes,
  ...inviteRoutes,
  ...importRoutes,
  ...linkRoutes,
  ...explainRoutes,
  ...deliveryEventRoutes,
  ...preferenceRoutes,
  ...suppressionRoutes,
  ...hardStopRoutes,
  ...tenantRoutes,
  ...auditRoutes,
  ...retentionReportRoutes,
];
