/**
 * Driver errors by number: messages are never read (they carry data) and names lie (MariaDB's CHECK violation is called
 * ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE by the driver).
 */

export type DatabaseErrorKind =
  /** A unique key holds already. */
  | 'duplicate'
  /** A CHECK, NOT NULL, length or type the tables insist on. */
  | 'constraint'
  | 'foreign-key'
  /** Worth repeating from the start of the transaction: lock wait, deadlock, stale snapshot, another writer. */
  | 'contention'
  /** The connection is gone; what was not committed is rolled back by the database. */
  | 'connection-lost'
  | 'disk-full'
  | 'other'

/** 1020 is a changed row under innodb_snapshot_isolation (MariaDB 11.6). */
const MYSQL_KINDS: Readonly<Record<number, DatabaseErrorKind>> = {
  1062: 'duplicate',
  1586: 'duplicate',
  4025: 'constraint',
  3819: 'constraint',
  1048: 'constraint',
  1264: 'constraint',
  1265: 'constraint',
  1364: 'constraint',
  1366: 'constraint',
  1406: 'constraint',
  1216: 'foreign-key',
  1217: 'foreign-key',
  1451: 'foreign-key',
  1452: 'foreign-key',
  1020: 'contention',
  1205: 'contention',
  1213: 'contention',
  1021: 'disk-full',
  1114: 'disk-full',
  1040: 'connection-lost',
  1053: 'connection-lost',
  1077: 'connection-lost',
  1152: 'connection-lost',
  1158: 'connection-lost',
  1159: 'connection-lost',
  1160: 'connection-lost',
  1161: 'connection-lost',
  1184: 'connection-lost',
  1317: 'connection-lost',
  1927: 'connection-lost',
  3169: 'connection-lost',
  4031: 'connection-lost',
}

/** SQLite's extended result codes; 787 is a foreign key, 1811 a trigger, which only keys of several columns have here, 5 and 6 busy and locked, 13 a full disk. */
const SQLITE_KINDS: Readonly<Record<number, DatabaseErrorKind>> = {
  2067: 'duplicate',
  1555: 'duplicate',
  2579: 'duplicate',
  275: 'constraint',
  1299: 'constraint',
  3091: 'constraint',
  787: 'foreign-key',
  1811: 'foreign-key',
  5: 'contention',
  6: 'contention',
  261: 'contention',
  517: 'contention',
  13: 'disk-full',
}

const NETWORK_CODES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
])

type DriverError = {
  readonly code?: unknown
  readonly errno?: unknown
  readonly errcode?: unknown
  readonly fatal?: unknown
}

/** What kind of trouble a driver reports; `other` for everything that is no driver error. */
export function kindOfDatabaseError(error: unknown): DatabaseErrorKind {
  if (typeof error !== 'object' || error === null) return 'other'
  const { code, errno, errcode, fatal } = error as DriverError
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') return SQLITE_KINDS[errcode] ?? 'other'
  const known = typeof errno === 'number' && errno > 0 ? MYSQL_KINDS[errno] : undefined
  if (known) return known
  // mysql2 marks every error after which the connection is unusable as fatal, some of them without a code.
  if (fatal === true || (typeof code === 'string' && NETWORK_CODES.has(code))) return 'connection-lost'
  return 'other'
}

/** True when the same transaction may succeed if it is run again from its start. */
export function isWorthRepeating(error: unknown): boolean {
  const kind = kindOfDatabaseError(error)
  return kind === 'contention' || kind === 'connection-lost'
}

/** The connection was lost after COMMIT was sent: the database knows whether it happened, the caller does not. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
  constructor(cause: unknown) {
    super('The connection was lost while committing', { cause })
  }
}

/** The database could not be reached or stayed busy through every repeat; nothing was written. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
  constructor(cause: unknown) {
    super('The database did not answer in time', { cause })
  }
}
