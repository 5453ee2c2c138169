/**
 * Additions to tables that hold rows already. Neither engine's ALTER can be said twice (MySQL knows no IF NOT EXISTS there), so
 * each looks first whether its work is done.
 */
import type { Column, ForeignKey, Statement, Step } from './table-ddl.ts'

/** A column of a table with rows: nullable, or with what the rows already there get. */
export type AddedColumn = Column & { readonly defaultTo?: string }

export type Additions = {
  readonly table: string
  readonly columns: Readonly<Record<string, AddedColumn>>
  readonly unique?: Readonly<Record<string, readonly string[]>>
  readonly indexes?: Readonly<Record<string, readonly string[]>>
  /** Conditions by the added column they are about; SQLite keeps them with the column. */
  readonly checks?: Readonly<Record<string, string>>
  readonly foreignKeys?: readonly ForeignKey[]
}

/** The value that rows already there get, as SQL. */
export const withDefault = (spec: Column, defaultTo: string): AddedColumn => ({ ...spec, defaultTo })

/** MySQL: one ALTER, which happens whole or not at all. SQLite: a column at a time, pairs of keys kept by triggers. */
export function addToTable(additions: Additions): Step {
  return { mysql: [mysqlAlter(additions)], sqlite: sqliteStatements(additions) }
}

/** An index alone, for a query that came later than its table. */
export function addIndex(name: string, table: string, columns: readonly string[]): Step {
  const on = `${name} on ${table} ${list(columns)}`
  const unless = `select 1 from information_schema.statistics
                  where table_schema = database() and table_name = '${table}' and index_name = '${name}'`
  return { mysql: [{ sql: `create index ${on}`, unless }], sqlite: [`create index if not exists ${on}`] }
}

/** Takes away an index that another one has made needless. */
export function dropIndex(name: string, table: string): Step {
  const unless = `select 1 from dual where not exists (select 1 from information_schema.statistics
                  where table_schema = database() and table_name = '${table}' and index_name = '${name}')`
  return { mysql: [{ sql: `drop index ${name} on ${table}`, unless }], sqlite: [`drop index if exists ${name}`] }
}

const list = (names: readonly string[]) => `(${names.join(', ')})`
const entries = <Value>(record: Readonly<Record<string, Value>> = {}) => Object.entries(record)

function mysqlAlter({ table, columns, unique, indexes, checks, foreignKeys = [] }: Additions): Statement {
  const flags = entries(columns).filter(([, { mysql }]) => mysql === 'tinyint')
  const parts = [
    ...entries(columns).map(([name, spec]) => `add column ${name} ${spec.mysql}${nullOrDefault(spec, mysqlDefault)}`),
    ...entries(unique).map(([name, of]) => `add unique key ${name} ${list(of)}`),
    ...entries(indexes).map(([name, of]) => `add key ${name} ${list(of)}`),
    ...entries(checks).map(([name, condition]) => `add constraint ${table}_${name} check (${condition})`),
    ...flags.map(([name]) => `add constraint ${table}_${name}_flag check (${name} in (0, 1))`),
    ...foreignKeys.map(
      (key) =>
        `add constraint ${table}_${key.columns.at(-1)}_fk foreign key ${list(key.columns)} references ${key.table} ${list(key.references)}`,
    ),
  ]
  const [first] = Object.keys(columns)
  return {
    sql: `alter table ${table}\n  ${parts.join(',\n  ')}`,
    unless: `select 1 from information_schema.columns
             where table_schema = database() and table_name = '${table}' and column_name = '${first}'`,
  }
}

const nullOrDefault = ({ isNullable, defaultTo }: AddedColumn, written: (value: string) => string): string =>
  isNullable ? ' null' : ` not null${defaultTo === undefined ? '' : ` default ${written(defaultTo)}`}`

/** MySQL takes a default of a long text only as an expression. */
const mysqlDefault = (value: string) => `(${value})`

function sqliteStatements(additions: Additions): readonly (string | Statement)[] {
  const { table, columns, unique, indexes, checks = {}, foreignKeys = [] } = additions
  return [
    ...entries(columns).map(([name, spec]) => {
      const conditions = [spec.sqliteCheck?.(name), checks[name]].filter((text) => text !== undefined)
      const check = conditions.map((condition) => ` check (${condition})`).join('')
      return {
        sql: `alter table ${table} add column ${name} ${spec.sqlite}${nullOrDefault(spec, (value) => value)}${check}`,
        unless: `select 1 from pragma_table_info('${table}') where name = '${name}'`,
      }
    }),
    ...entries(unique).map(([name, of]) => `create unique index if not exists ${name} on ${table} ${list(of)}`),
    ...entries(indexes).map(([name, of]) => `create index if not exists ${name} on ${table} ${list(of)}`),
    ...foreignKeys.flatMap((key) => ['insert', 'update'].map((verb) => keyTrigger(table, key, verb))),
  ]
}

/** A key of several columns cannot be added to a table of SQLite; a trigger refuses what it would refuse. */
function keyTrigger(table: string, { columns, table: target, references }: ForeignKey, verb: string): string {
  const column = columns.at(-1) ?? ''
  const matches = references.map((name, index) => `${name} = new.${columns[index]}`).join(' and ')
  const when = verb === 'insert' ? 'insert' : `update of ${columns.join(', ')}`
  return `create trigger if not exists ${table}_${column}_${verb} before ${when} on ${table}
  when new.${column} is not null and not exists (select 1 from ${target} where ${matches})
  begin select raise(abort, 'foreign key'); end`
}
