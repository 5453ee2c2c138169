import type { Step } from './table-ddl.ts'

/**
 * A numbered change of the tables. A step may be cut off after any statement and is then run again whole, so each statement
 * must do nothing where its work is done. A published migration is never edited; the next number changes what it made.
 */
export type Migration = {
  readonly number: number
  readonly name: string
  readonly steps: readonly Step[]
}
