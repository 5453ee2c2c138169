/**
 * The database as the rest of the server sees it: transactions, never a bare handle.
 *
 * Invariants: a transaction never opens another on the same database (on SQLite that would wait for itself for ever, on MySQL
 * it would quietly run outside the first); a repeated transaction starts from nothing; whoever gets an answer from `write`
 * knows that it is committed.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'kysely'
import { type Connections, connect, type DatabaseSettings } from './connections.ts'
import { beginRead, beginWrite, type Engine, engineOf, type Tx } from './dialect.ts'
import { CommitUnknown, DatabaseUnavailable, isWorthRepeating, kindOfDatabaseError } from './errors.ts'

export type { DatabaseSettings } from './connections.ts'
export type { Engine, Tx } from './dialect.ts'

export type Database = {
  readonly engine: Engine
  /** Reads one consistent state of the database, whatever is written meanwhile. */
  read<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /**
   * Runs one read-write transaction at READ COMMITTED, repeated whole on lock wait, deadlock, stale snapshot, busy file or lost
   * connection. For rows that are not replicated; those go through the clinic writer.
   * @throws DatabaseUnavailable after six attempts, CommitUnknown when the connection was lost while committing.
   */
  write<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** One attempt of `write`: errors come as they are. For the clinic writer, which repeats by its own rules. */
  attempt<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** @throws Error when called inside one of this database's transactions. */
  refuseInsideTransaction(): void
  close(): Promise<void>
}

export const REPEATS = 5
/** How long a writer of SQLite waits for another process before it counts as contention. */
const BUSY_PATIENCE_MS = 5_000

export function openDatabase(settings: DatabaseSettings): Database {
  return databaseOn(connect(settings))
}

/** The same on connections made elsewhere. */
export function databaseOn({ engine, writer, reader }: Connections): Database {
  const inside = new AsyncLocalStorage<true>()
  const refuseInsideTransaction = () => {
    if (inside.getStore()) throw new Error('A transaction is open here: pass its tx instead of opening another')
  }
  const attempt: Database['attempt'] = (work) => {
    refuseInsideTransaction()
    return writer.connection().execute((tx) => writeOnce(tx, (inner) => inside.run(true, () => work(inner))))
  }
  return {
    engine,
    refuseInsideTransaction,
    attempt,
    write: (work) => repeated(() => attempt(work)),
    read: (work) => {
      refuseInsideTransaction()
      return repeated(() =>
        reader.connection().execute((tx) => readOnce(tx, (inner) => inside.run(true, () => work(inner)))),
      )
    },
    close: async () => {
      await Promise.all([reader.destroy(), writer.destroy()])
    },
  }
}

async function readOnce<Result>(tx: Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  await beginRead(tx)
  try {
    return await work(tx)
  } finally {
    await rollback(tx)
  }
}

async function writeOnce<Result>(tx: Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  await beginPatiently(tx)
  let result: Result
  try {
    result = await work(tx)
  } catch (error) {
    await rollback(tx)
    throw error
  }
  try {
    await sql`commit`.execute(tx)
  } catch (error) {
    if (kindOfDatabaseError(error) === 'connection-lost') throw new CommitUnknown(error)
    await rollback(tx)
    throw error
  }
  return result
}

/** SQLite answers at once that another process writes: waiting inside it would block every socket of this one. */
async function beginPatiently(tx: Tx): Promise<void> {
  const deadline = Date.now() + BUSY_PATIENCE_MS
  for (;;) {
    try {
      return await beginWrite(tx)
    } catch (error) {
      if (kindOfDatabaseError(error) !== 'contention' || Date.now() > deadline) throw error
      await pause(1 + Math.random() * 15)
    }
  }
}

/**
 * Ends a transaction without its work. Where even that fails, the connection is ended on the server's side: back in the pool
 * it would commit the open transaction with its next BEGIN.
 */
async function rollback(tx: Tx): Promise<void> {
  try {
    await sql`rollback`.execute(tx)
  } catch {
    if (engineOf(tx) === 'mysql') await sql`kill connection_id()`.execute(tx).catch(() => undefined)
  }
}

/**
 * Runs work again after contention and lost connections, at most five times, with growing pauses of random length: some
 * milliseconds for a lock, three to six seconds in all for a database that restarts.
 */
export async function repeated<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let repeat = 1; ; repeat += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isWorthRepeating(error)) throw error
      if (repeat > REPEATS) throw new DatabaseUnavailable(error)
      await pause(pauseBefore(repeat, error))
    }
  }
}

/** Milliseconds to wait before the given repeat (1 is the first). */
export function pauseBefore(repeat: number, error: unknown): number {
  const longest = kindOfDatabaseError(error) === 'connection-lost' ? 50 * 3 ** (repeat - 1) : 5 * 2 ** (repeat - 1)
  return longest * (0.5 + Math.random() / 2)
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
