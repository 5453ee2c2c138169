/**
 * The transaction of a batch of writes, watched statement by statement.
 *
 * Patient: every statement is awaited, so that a failure shows where it belongs. Quick: rows to insert wait in memory, those of
 * neighbouring jobs in one statement, until anything else is asked of the transaction or it settles; nobody waits for their
 * answers before `settle`. Whatever is asked later sees them all the same: they are handed to the connection first, which runs
 * what it gets in order.
 */
import type {
  DatabaseConnection,
  KyselyPlugin,
  OperationNode,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  RawNode,
  RootOperationNode,
  TableNode,
} from 'kysely'
import { insertOf, type Statement, type Tx, type UpsertColumns } from './dialect.ts'
import type { TableName, Tables } from './tables.ts'

/** What repositories insert rows through. */
export type Inserter = {
  /** Inserts rows, or with `upsert` sets the named columns where the key exists. All rows have the same columns. */
  insert<Name extends TableName>(
    table: Name,
    rows: readonly Tables[Name][],
    upsert?: UpsertColumns<Name>,
  ): Promise<void>
}

/** Inserts at once. */
export const inserterOf = (tx: Tx): Inserter => ({
  insert: async (table, rows, upsert) => {
    for (const some of inPieces(rows)) await insertOf(tx, table, some, upsert).execute()
  },
})

/** SQLite takes 32,766 values in one statement, MySQL 65,535. */
const ROWS_AT_ONCE = 500

function inPieces<Row>(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / ROWS_AT_ONCE)
  return Array.from({ length: count }, (_, piece) => rows.slice(piece * ROWS_AT_ONCE, (piece + 1) * ROWS_AT_ONCE))
}

type Group = {
  readonly table: TableName
  readonly rows: object[]
  readonly upsert: UpsertColumns<TableName> | undefined
}

/** Tables whose rows reference nothing that is inserted between two of them, so that they may be sent together. */
const TOGETHER: ReadonlySet<TableName> = new Set(['appointments', 'document_views'])

/** Stands for a statement of which only reading it would tell what it writes. */
const ANY = '*'

export class BatchTransaction implements Inserter {
  /** For every statement of the batch's jobs. */
  readonly tx: Tx
  /** True when something was written since this was last set to false. */
  hasWritten = false
  readonly #bare: Tx
  /** Null when the transaction is patient. */
  readonly #connection: DatabaseConnection | null
  #waiting: Group[] = []
  #sent: Promise<unknown>[] = []
  readonly #read = new Map<string, { readonly table: TableName; readonly value: Promise<unknown> }>()
  readonly #writes = new Map<string, number>()

  private constructor(tx: Tx, connection: DatabaseConnection | null) {
    this.#bare = tx
    this.#connection = connection
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }: PluginTransformQueryArgs): RootOperationNode => {
        this.#flush()
        const table = tableWrittenBy(node)
        if (table !== undefined) this.#note(table)
        return node
      },
      transformResult: async ({ result }: PluginTransformResultArgs) => result,
    }
    this.tx = tx.withPlugin(plugin)
  }

  static async open(tx: Tx, { isQuick }: { readonly isQuick: boolean }): Promise<BatchTransaction> {
    const connection = isQuick ? await tx.getExecutor().provideConnection(async (own) => own) : null
    return new BatchTransaction(tx, connection)
  }

  async insert<Name extends TableName>(
    table: Name,
    rows: readonly Tables[Name][],
    upsert?: UpsertColumns<Name>,
  ): Promise<void> {
    if (rows.length === 0) return
    this.#note(table)
    if (this.#connection === null) return inserterOf(this.#bare).insert(table, rows, upsert)
    const group = TOGETHER.has(table) ? this.#waiting.find((each) => each.table === table) : undefined
    if (group) {
      group.rows.push(...rows)
      return
    }
    if (!TOGETHER.has(table)) this.#flush()
    this.#waiting.push({ table, rows: [...rows], upsert: upsert as UpsertColumns<TableName> | undefined })
  }

  /** Resolves when everything is in the database. @throws what the first statement that failed threw. */
  async settle(): Promise<void> {
    this.#flush()
    const sent = this.#sent
    this.#sent = []
    await Promise.all(sent)
  }

  /** How many statements have written to the table, and how many might have. */
  writesTo(table: TableName): number {
    return (this.#writes.get(table) ?? 0) + (this.#writes.get(ANY) ?? 0)
  }

  /** Reads once; the answer holds until the table is written to. */
  readUntilWritten<Value>(table: TableName, key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#read.get(key)
    if (known) return known.value as Promise<Value>
    const value = load()
    this.#read.set(key, { table, value })
    return value
  }

  /** Call when what was written is taken back. */
  forget(): void {
    this.#read.clear()
  }

  /** Hands over what waits, in the order in which it came. */
  #flush(): void {
    const groups = this.#waiting
    if (groups.length === 0 || this.#connection === null) return
    this.#waiting = []
    for (const { table, rows, upsert } of groups) {
      for (const some of inPieces(rows)) {
        const answer = this.#hand(this.#connection, insertOf(this.#bare, table, some as never, upsert))
        // Dealt with in `settle`; until then a failure must not count as one that nobody handles.
        answer.catch(() => undefined)
        this.#sent.push(answer)
      }
    }
  }

  /** Async, so that whatever goes wrong shows in `settle` and not in the statement that comes next. */
  async #hand(connection: DatabaseConnection, statement: Statement): Promise<void> {
    await connection.executeQuery(statement.compile(), {})
  }

  #note(written: string): void {
    this.hasWritten = true
    this.#writes.set(written, (this.#writes.get(written) ?? 0) + 1)
    for (const [key, { table }] of this.#read) if (written === ANY || written === table) this.#read.delete(key)
  }
}

/** The table a statement writes to; undefined when it only reads, ANY when that cannot be told. */
function tableWrittenBy(node: RootOperationNode): string | undefined {
  if (node.kind === 'SelectQueryNode') return undefined
  if (node.kind === 'InsertQueryNode') return nameOf(node.into)
  if (node.kind === 'UpdateQueryNode') return nameOf(node.table)
  if (node.kind === 'DeleteQueryNode') return node.from.froms.length === 1 ? nameOf(node.from.froms[0]) : ANY
  if (node.kind !== 'RawNode' || beginsWithSelect(node)) return node.kind === 'RawNode' ? undefined : ANY
  return INSERT.exec(node.sqlFragments[0] ?? '')?.[1] ?? ANY
}

/** How `insertOf` begins. */
const INSERT = /^insert into [`"](\w+)[`"] /

/** Plain SQL is a list of texts around its values, which may be plain SQL again. */
function beginsWithSelect({ sqlFragments: [text = ''], parameters: [first] }: RawNode): boolean {
  const begin = text.trimStart()
  if (begin === '' || begin === '(') return first?.kind === 'RawNode' && beginsWithSelect(first as RawNode)
  return /^\(?select /i.test(begin)
}

const nameOf = (node: OperationNode | undefined): string =>
  node?.kind === 'TableNode' ? (node as TableNode).table.identifier.name : ANY
