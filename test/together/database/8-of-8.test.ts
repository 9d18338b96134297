import { readTogether } from '../../support/read-together.ts';

readTogether(__filename);
