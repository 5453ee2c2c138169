/**
 * Tables described once and written for either engine. Every statement can be run again without harm, so a migration that was
 * cut off continues where it stopped.
 */
import type { Engine } from '#server/database/dialect.ts'

/** SQL that is not run where a query finds that its work is done. */
export type Statement = { readonly sql: string; readonly unless: string }

/** SQL per engine: one statement of MySQL, and what SQLite needs for the same. */
export type Step = Readonly<Record<Engine, readonly (string | Statement)[]>>

export type Column = {
  readonly mysql: string
  readonly sqlite: string
  readonly isNullable: boolean
  /** A condition on the column that SQLite would not keep by its type alone. */
  readonly sqliteCheck?: (name: string) => string
}

export type TableSpec = {
  readonly name: string
  readonly columns: Readonly<Record<string, Column>>
  readonly primaryKey: readonly string[]
  readonly unique?: Readonly<Record<string, readonly string[]>>
  readonly indexes?: Readonly<Record<string, readonly string[]>>
  readonly checks?: Readonly<Record<string, string>>
  readonly foreignKeys?: readonly ForeignKey[]
  /** SQLite only: store rows in the primary key's own tree, for small rows read in its order. */
  readonly isClustered?: true
}
export type ForeignKey = {
  readonly columns: readonly string[]
  readonly table: string
  readonly references: readonly string[]
}

const sized = (width: number) => (name: string) => `length(${name}) <= ${width}`
const column = (mysql: string, sqlite: string, sqliteCheck?: (name: string) => string): Column => ({
  mysql,
  sqlite,
  isNullable: false,
  ...(sqliteCheck ? { sqliteCheck } : {}),
})

export const id = () =>
  column('char(36) character set ascii collate ascii_bin', 'text', (name) => `length(${name}) = 36`)
/** ASCII words, hashes and codes. */
export const ascii = (width: number) =>
  column(`varchar(${width}) character set ascii collate ascii_bin`, 'text', sized(width))
export const text = (width: number) => column(`varchar(${width})`, 'text', sized(width))
/** Text without a width an index could use; JSON is kept as text and parsed by the server. */
export const longText = () => column('mediumtext', 'text')
export const integer = () => column('int', 'integer')
export const instant = () => column('bigint', 'integer')
export const flag = () => column('tinyint', 'integer', (name) => `${name} in (0, 1)`)
export const day = () =>
  column('char(10) character set ascii collate ascii_bin', 'text', (name) => `length(${name}) = 10`)
export const wallTime = () =>
  column('char(5) character set ascii collate ascii_bin', 'text', (name) => `length(${name}) = 5`)
export const orNull = (spec: Column): Column => ({ ...spec, isNullable: true })

/** A condition that a column holds one of some words. */
export const isOneOf = (name: string, words: readonly string[]): string =>
  `${name} in (${words.map((word) => `'${word}'`).join(', ')})`

/** The statement that makes a table with its indexes, unless it is there. */
export function createTable(spec: TableSpec): Step {
  return { mysql: [mysqlTable(spec)], sqlite: [sqliteTable(spec), ...sqliteIndexes(spec)] }
}

const list = (names: readonly string[]) => `(${names.join(', ')})`

function mysqlTable(spec: TableSpec): string {
  const parts = [
    ...Object.entries(spec.columns).map(
      ([name, { mysql, isNullable }]) => `${name} ${mysql}${isNullable ? ' null' : ' not null'}`,
    ),
    `primary key ${list(spec.primaryKey)}`,
    ...Object.entries(spec.unique ?? {}).map(([name, columns]) => `unique key ${name} ${list(columns)}`),
    ...Object.entries(spec.indexes ?? {}).map(([name, columns]) => `key ${name} ${list(columns)}`),
    ...constraints(spec),
    ...Object.entries(spec.columns)
      .filter(([, { mysql }]) => mysql === 'tinyint')
      .map(([name]) => `constraint ${spec.name}_${name}_flag check (${name} in (0, 1))`),
  ]
  return `create table if not exists ${spec.name} (\n  ${parts.join(',\n  ')}\n) engine = innodb default character set utf8mb4 collate utf8mb4_bin`
}

function sqliteTable(spec: TableSpec): string {
  const parts = [
    ...Object.entries(spec.columns).map(
      ([name, { sqlite, isNullable, sqliteCheck }]) =>
        `${name} ${sqlite}${isNullable ? '' : ' not null'}${sqliteCheck ? ` check (${sqliteCheck(name)})` : ''}`,
    ),
    `primary key ${list(spec.primaryKey)}`,
    ...Object.values(spec.unique ?? {}).map((columns) => `unique ${list(columns)}`),
    ...constraints(spec),
  ]
  return `create table if not exists ${spec.name} (\n  ${parts.join(',\n  ')}\n) strict${spec.isClustered ? ', without rowid' : ''}`
}

const sqliteIndexes = (spec: TableSpec): readonly string[] =>
  Object.entries(spec.indexes ?? {}).map(
    ([name, columns]) => `create index if not exists ${name} on ${spec.name} ${list(columns)}`,
  )

const constraints = (spec: TableSpec): readonly string[] => [
  ...Object.entries(spec.checks ?? {}).map(([name, condition]) => `constraint ${name} check (${condition})`),
  ...(spec.foreignKeys ?? []).map(
    ({ columns, table, references }) =>
      `constraint ${spec.name}_${columns.at(-1)}_fk foreign key ${list(columns)} references ${table} ${list(references)}`,
  ),
]
