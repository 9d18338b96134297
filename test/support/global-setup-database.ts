import { joinSharedPostgres } from './shared-postgres.ts';

export default joinSharedPostgres;
