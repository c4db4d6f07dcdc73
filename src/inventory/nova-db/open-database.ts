import type { OpenDatabase } from './database.ts';
import { openMysql } from './mysql.ts';
import { openPostgresql } from './postgresql.ts';

/** Opens a database of either kind, each with its own driver. */
export const openDatabase: OpenDatabase = (address) =>
  address.kind === 'mysql' ? openMysql(address) : openPostgresql(address);
