/** A component that shows one day and notes what it was given at each drawing. */
import { useMemo } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import { appointmentsOfDays } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type Drawn = { readonly day: string; readonly rows: readonly Appointment[] | undefined }

export class QueryProbe {
  readonly drawn: Drawn[] = []
  readonly #database: LocalDatabase
  readonly #root: Root

  constructor(database: LocalDatabase) {
    this.#database = database
    this.#root = createRoot(document.body.appendChild(document.createElement('div')))
  }

  show(day: string): void {
    this.#root.render(<Day database={this.#database} day={day} note={(drawn) => this.drawn.push(drawn)} />)
  }
}

type DayProps = {
  readonly database: LocalDatabase
  readonly day: string
  readonly note: (drawn: Drawn) => void
}

function Day({ database, day, note }: DayProps) {
  const query = useMemo(() => appointmentsOfDays(database, [day]), [database, day])
  const rows = useRxQuery(query)
  note({ day, rows })
  return null
}
