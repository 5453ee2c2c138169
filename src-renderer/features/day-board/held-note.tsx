import { minutes } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { clockOf, useSecondsUntil } from '#renderer/clinic/use-seconds-until.ts'
import { useDesk } from '#renderer/local-db/local-db-context.tsx'
import type { GridNote } from '#renderer/ui/time-grid/grid-types.ts'
import classes from './day-board.module.css'

/** From here on the time it ends says more than how long it lasts. */
const COUNTED_SECONDS = minutes(10) / 1_000

/** Who keeps a time, and how long still. */
export function HeldNote({ note }: { readonly note: GridNote }) {
  return (
    <>
      <bdi className={classes.holder}>{note.title}</bdi>
      {note.until !== undefined && <Left until={note.until} />}
    </>
  )
}

function Left({ until }: { readonly until: number }) {
  const format = useFormat()
  const left = useSecondsUntil(until, useDesk().now)
  return <span className={classes.left}>{left <= COUNTED_SECONDS ? clockOf(left) : `– ${format.time(until)}`}</span>
}
