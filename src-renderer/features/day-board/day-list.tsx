import { type KeyboardEvent, memo, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { StatusBadge } from '#renderer/clinic/status-badge.tsx'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { BoardItem } from './board-item.ts'
import type { BoardProps } from './board-props.ts'
import { CardNote } from './card-face.tsx'
import classes from './day-list.module.css'
import type { Board } from './use-board.ts'

type ListProps = Pick<BoardProps, 'cursor' | 'selectedId' | 'gridRef' | 'onCursor' | 'onOpenItem'> & {
  readonly board: Board
  readonly label: string
}

/** The day as a table: the same visits and the same keys as on the board, for whoever reads lists better than columns. */
export function DayList({ board, label, cursor, selectedId, gridRef, onCursor, onOpenItem }: ListProps) {
  const { t } = useTranslation()
  const body = useRef<HTMLTableSectionElement>(null)
  const doctors = useMemo(() => new Map(board.columns.map(({ id, title }) => [id, title])), [board.columns])
  const items = useMemo(() => sorted(board.columns.flatMap((column) => column.items)), [board.columns])
  const current = items.find(({ id }) => id === cursor.itemId)?.id ?? nearest(items, cursor.minute)
  useImperativeHandle(gridRef, () => ({
    focus: () => body.current?.querySelector<HTMLElement>('[data-cursor]')?.focus(),
  }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the cursor goes somewhere
  useEffect(() => {
    body.current?.querySelector('[data-cursor]')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const stand = (item: BoardItem): void =>
    onCursor({ columnId: item.appointment.doctorId, minute: item.startMinute, itemId: item.id })
  const onKeyDown = (event: KeyboardEvent): void => {
    const item =
      items[
        stepOf(
          event.key,
          items.findIndex(({ id }) => id === current),
          items.length,
        )
      ]
    if (!item || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    stand(item)
    body.current?.querySelector<HTMLElement>(`[data-row="${item.id}"]`)?.focus()
  }
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={label} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {(['time', 'patient', 'birth-date', 'doctor', 'visit', 'status'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`board.list.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {items.map((item) => (
            <Row
              key={item.id}
              item={item}
              doctor={doctors.get(item.appointment.doctorId) ?? ''}
              isCursor={item.id === current}
              isSelected={item.id === selectedId}
              onStand={stand}
              onOpen={onOpenItem}
            />
          ))}
        </tbody>
      </table>
      {items.length === 0 && <p className={classes.empty}>{t('board.list.nobody')}</p>}
    </div>
  )
}

const sorted = (items: readonly BoardItem[]): readonly BoardItem[] =>
  items.toSorted((a, b) => a.startMinute - b.startMinute || (a.name < b.name ? -1 : 1))

/** Where the keyboard enters: the first visit from that minute on. */
const nearest = (items: readonly BoardItem[], minute: number): string | undefined =>
  (items.find(({ startMinute }) => startMinute >= minute) ?? items.at(-1))?.id

const PAGE = 10

/** The row a key leads to; -1 where it leads nowhere. */
function stepOf(key: string, index: number, length: number): number {
  const within = (next: number): number => Math.max(0, Math.min(length - 1, next))
  switch (key) {
    case 'ArrowDown':
      return within(index + 1)
    case 'ArrowUp':
      return within(index - 1)
    case 'PageDown':
      return within(index + PAGE)
    case 'PageUp':
      return within(index - PAGE)
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return -1
  }
}

type RowProps = {
  readonly item: BoardItem
  readonly doctor: string
  readonly isCursor: boolean
  readonly isSelected: boolean
  readonly onStand: (item: BoardItem) => void
  readonly onOpen: (id: string) => void
}

const Row = memo(ListRow, (a, b) => ROW_DATA.every((name) => a[name] === b[name]))
const ROW_DATA = ['item', 'doctor', 'isCursor', 'isSelected'] as const

function ListRow({ item, doctor, isCursor, isSelected, onStand, onOpen }: RowProps) {
  return (
    <tr className={classes.row} data-look={item.look} data-selected={isSelected || undefined}>
      <td className={classes.time}>
        <time>
          {timeOfMinute(item.startMinute)}–{timeOfMinute(item.endMinute)}
        </time>
      </td>
      <td>
        <button
          type="button"
          className={classes.name}
          tabIndex={isCursor ? 0 : -1}
          data-row={item.id}
          data-item={item.id}
          data-cursor={isCursor || undefined}
          aria-pressed={isSelected}
          onFocus={() => !isCursor && onStand(item)}
          onClick={() => {
            onStand(item)
            onOpen(item.id)
          }}
        >
          <bdi>{item.name}</bdi>
        </button>
      </td>
      <td className={classes.dim}>
        <BirthDate id={item.appointment.patientId} />
      </td>
      <td>
        <bdi>{doctor}</bdi>
      </td>
      <td className={classes.dim}>{item.typeName}</td>
      <td>
        <span className={classes.status}>
          <StatusBadge look={item.look} />
          <CardNote item={item} isWordless />
        </span>
      </td>
    </tr>
  )
}

function BirthDate({ id }: { readonly id: PatientId }) {
  const format = useFormat()
  const birthDate = usePatientLookup()(id)?.birthDate
  return birthDate ? <time>{format.birthDate(birthDate)}</time> : null
}
