/** Brings a database to the shape this version needs. Only one process migrates at a time; the others wait for it. */
import { type Kysely, sql } from 'kysely'
import { PERMISSIONS } from '#domain/access/permissions.ts'
import { type Connections, connect, type DatabaseSettings } from './connections.ts'
import { repeated } from './database.ts'
import { beginWrite, type Engine, upsert } from './dialect.ts'
import { peopleAndAccess } from './migrations/0001-people-and-access.ts'
import { time } from './migrations/0002-time.ts'
import { flow } from './migrations/0003-flow.ts'
import { sync } from './migrations/0004-sync.ts'
import { morePermissions } from './migrations/0005-more-permissions.ts'
import { accounts } from './migrations/0006-accounts.ts'
import { resources } from './migrations/0007-resources.ts'
import { auditOrigin } from './migrations/0008-audit-origin.ts'
import { window } from './migrations/0009-window.ts'
import { auditSealing } from './migrations/0010-audit-seals.ts'
import { waitlistOffers } from './migrations/0011-waitlist-offers.ts'
import { privacy } from './migrations/0012-privacy.ts'
import { webhooks } from './migrations/0013-webhooks.ts'
import { calendarFeeds } from './migrations/0014-calendar-feeds.ts'
import { timeOfDoctor } from './migrations/0015-time-of-doctor.ts'
import { accessEvents } from './migrations/0016-access-events.ts'
import { clinicRevisions } from './migrations/0017-clinic-revisions.ts'
import { events } from './migrations/0018-events.ts'
import { notificationFlow } from './migrations/0019-notifications.ts'
import { reports } from './migrations/0020-reports.ts'
import { doctorDelays } from './migrations/0021-doctor-delays.ts'
import { callTasks } from './migrations/0022-call-tasks.ts'
import { dayNotes } from './migrations/0023-day-notes.ts'
import { handedInChanges } from './migrations/0024-handed-in-changes.ts'
import { allotments } from './migrations/0025-allotments.ts'
import { notices } from './migrations/0026-notices.ts'
import type { Migration } from './migrations/migration.ts'
import { ascii, createTable, instant, integer, orNull, type Statement } from './migrations/table-ddl.ts'
import type { Tables } from './tables.ts'

export const MIGRATIONS: readonly Migration[] = [
  peopleAndAccess,
  time,
  flow,
  sync,
  morePermissions,
  accounts,
  resources,
  auditOrigin,
  window,
  auditSealing,
  waitlistOffers,
  privacy,
  webhooks,
  calendarFeeds,
  timeOfDoctor,
  accessEvents,
  clinicRevisions,
  events,
  notificationFlow,
  reports,
  doctorDelays,
  callTasks,
  dayNotes,
  handedInChanges,
  allotments,
  notices,
]

const migrationsTable = createTable({
  name: 'migrations',
  columns: { number: integer(), name: ascii(64), steps_done: integer(), finished_at: orNull(instant()) },
  primaryKey: ['number'],
})

export type MigrateOptions = {
  readonly migrations?: readonly Migration[]
  /** Called before every statement; a test throws here to cut a migration off. */
  readonly beforeStatement?: (statement: string) => void
  readonly now?: () => number
}

/**
 * The migrations that are not finished, in order; changes nothing.
 * @throws DatabaseTooNew as `migrateDatabase` does
 */
export async function listMissing(
  settings: DatabaseSettings,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly Pick<Migration, 'number' | 'name'>[]> {
  const connections = connect({ ...settings, writers: 1, readers: 1 })
  try {
    const known = await finishedOf(connections.reader)
    refuseNewer(known, migrations)
    return migrations.filter(({ number }) => !known.has(number)).map(({ number, name }) => ({ number, name }))
  } finally {
    await closeConnections(connections)
  }
}

/** The number of the newest finished migration; 0 where there is none. */
export async function findNewest(settings: DatabaseSettings): Promise<number> {
  const connections = connect({ ...settings, writers: 1, readers: 1 })
  try {
    return Math.max(0, ...(await finishedOf(connections.reader)))
  } finally {
    await closeConnections(connections)
  }
}

/** An empty database has no table of migrations yet. */
async function finishedOf(db: Kysely<Tables>): Promise<ReadonlySet<number>> {
  const tables = await db.introspection.getTables()
  if (!tables.some(({ name }) => name === 'migrations')) return new Set()
  const rows = await db.selectFrom('migrations').selectAll().execute()
  return new Set(rows.filter(({ finished_at }) => finished_at !== null).map(({ number }) => number))
}

function refuseNewer(known: Iterable<number>, migrations: readonly Migration[]): void {
  const newest = Math.max(0, ...migrations.map(({ number }) => number))
  if ([...known].some((number) => number > newest)) throw new DatabaseTooNew('The database is newer than this program')
}

/** The database is newer than this program: an older version must not write into it. */
export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew'
}

/**
 * Runs the migrations that are missing. Returns the numbers of those it ran, in order.
 * Every finished step is noted, so an interrupted migration continues at the step it stopped in.
 * @throws DatabaseTooNew when the database holds a migration this program does not know.
 */
export async function migrateDatabase(settings: DatabaseSettings, options: MigrateOptions = {}): Promise<number[]> {
  const connections = connect({ ...settings, writers: 1, readers: 1 })
  try {
    return await connections.writer.connection().execute((db) => migrateAlone(db, connections.engine, options))
  } finally {
    await closeConnections(connections)
  }
}

const closeConnections = ({ writer, reader }: Connections) => Promise.all([writer.destroy(), reader.destroy()])

async function migrateAlone(db: Kysely<Tables>, engine: Engine, options: MigrateOptions): Promise<number[]> {
  const unlock = await lockMigrations(db, engine)
  try {
    return await runMissing(db, engine, options)
  } finally {
    await unlock()
  }
}

/** MySQL: a named lock of this database. SQLite: each statement is its own transaction, and the file knows one writer. */
async function lockMigrations(db: Kysely<Tables>, engine: Engine): Promise<() => Promise<void>> {
  if (engine === 'sqlite') return async () => undefined
  const name = sql`concat('migrate:', left(sha2(database(), 256), 40))`
  const taken = await sql<{ taken: number | null }>`select get_lock(${name}, 120) as taken`.execute(db)
  if (taken.rows[0]?.taken !== 1) throw new Error('Another process has been migrating for two minutes')
  return async () => {
    await sql`select release_lock(${name})`.execute(db).catch(() => undefined)
  }
}

async function runMissing(
  db: Kysely<Tables>,
  engine: Engine,
  { migrations = MIGRATIONS, beforeStatement = () => undefined, now = Date.now }: MigrateOptions,
): Promise<number[]> {
  for (const statement of migrationsTable[engine]) {
    await repeated(() => runStatement(db, engine, statement, () => undefined))
  }
  const known = new Map((await db.selectFrom('migrations').selectAll().execute()).map((row) => [row.number, row]))
  refuseNewer(known.keys(), migrations)

  const ran: number[] = []
  for (const { number, name, steps } of migrations) {
    const row = known.get(number)
    if (row?.finished_at) continue
    for (let index = row?.steps_done ?? 0; index < steps.length; index += 1) {
      for (const statement of steps[index]?.[engine] ?? []) {
        await repeated(() => runStatement(db, engine, statement, beforeStatement))
      }
      const isLast = index === steps.length - 1
      await note(db, { number, name, steps_done: index + 1, finished_at: isLast ? now() : null })
    }
    ran.push(number)
  }
  await nameEveryPermission(db)
  return ran
}

/** Runs one statement, unless its query finds its work done. On SQLite no other process comes between the look and the work. */
async function runStatement(
  db: Kysely<Tables>,
  engine: Engine,
  statement: string | Statement,
  before: (statement: string) => void,
): Promise<void> {
  const work = typeof statement === 'string' ? statement : statement.sql
  if (typeof statement === 'string') {
    before(work)
    await sql.raw(work).execute(db)
    return
  }
  const isAlone = engine === 'mysql'
  if (!isAlone) await beginWrite(db)
  try {
    const done = await sql.raw(statement.unless).execute(db)
    if (done.rows.length === 0) {
      before(work)
      await sql.raw(work).execute(db)
    }
    if (!isAlone) await sql.raw('commit').execute(db)
  } catch (error) {
    if (!isAlone) await sql.raw('rollback').execute(db)
    throw error
  }
}

const note = (db: Kysely<Tables>, row: Tables['migrations']) =>
  upsert(db, 'migrations', [row], { key: ['number'], set: ['steps_done', 'finished_at'] })

/** The permissions are the program's words: a new one appears in the table with the version that brings it. */
const nameEveryPermission = (db: Kysely<Tables>) =>
  upsert(
    db,
    'permissions',
    PERMISSIONS.map((name) => ({ name })),
    { key: ['name'], set: ['name'] },
  )
