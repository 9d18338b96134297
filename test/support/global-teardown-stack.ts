import { leaveSharedPostgres } from './shared-postgres.ts';

export default leaveSharedPostgres;
