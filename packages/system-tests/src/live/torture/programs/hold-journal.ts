import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** `hold-journal FILE MS`: keeps every other process from writing to a SQLite database for so long. */
const [path = '', milliseconds = '0'] = process.argv.slice(2);
const database = new DatabaseSync(path, { timeout: 2_000 });
database.exec('BEGIN EXCLUSIVE');
await delay(Number(milliseconds));
database.exec('ROLLBACK');
database.close();
