/**
 * A day as columns with items placed by time. Knows nothing of what the items are: faces, words and rules come from outside.
 *
 * Invariants: one tab stop (the cursor); columns and cards render again only when their own data or the cursor in them
 * changes; a drag writes state once, on the drop.
 */
import { type CSSProperties, type ReactNode, useImperativeHandle, useMemo, useRef } from 'react'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { GridColumnBody } from './grid-column-body.tsx'
import type { GridColumn, GridItem, GridMove, GridNote, Stretch, Verdict } from './grid-types.ts'
import { hoursIn, PIXELS_PER_MINUTE, toLength } from './minute-scale.ts'
import classes from './time-grid.module.css'
import type { TimeGridProps } from './time-grid-props.ts'
import { useCardDrag } from './use-card-drag.ts'
import { useGridFocus } from './use-grid-focus.ts'
import { useGridKeys } from './use-grid-keys.ts'
import { useGridPointer } from './use-grid-pointer.ts'

/** A box of this height has room for one line of ordinary text; lower ones get small type. */
const LINE_PX = 21

export function TimeGrid<Item extends GridItem, Column extends GridColumn<Item>>(props: TimeGridProps<Item, Column>) {
  const { label, columns, move, cursor, judge } = props
  const { pixelsPerMinute: scale = PIXELS_PER_MINUTE } = props
  const range = useSameStretch(props.range)
  const scroller = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const ghost = useRef<HTMLDivElement>(null)
  const focus = useGridFocus(scroller, cursor, move, props.nowMinute, range, scale)
  useImperativeHandle(props.ref, () => ({ focus }), [focus])
  const onKeyDown = useGridKeys(props)
  const onPointer = useGridPointer(props, body)
  const startDrag = useCardDrag({
    scroller,
    body,
    ghost,
    columns,
    range,
    snapMinutes: props.snapMinutes,
    scale,
    judge: (item, target) => judge({ id: item.id, lengthMinutes: item.endMinute - item.startMinute }, target),
    onDrop: (item, target) => props.onDrop(item.id, target),
  })
  const moving = move && { ...move, verdict: judge(move.item, move.target), hint: props.moveHint }
  const style = {
    '--columns': columns.length,
    '--minute': `${scale}px`,
    '--body-height': toLength(range.endMinute - range.startMinute),
  } as CSSProperties

  return (
    <>
      <div
        role="grid"
        aria-label={label}
        ref={scroller}
        className={classes.scroller}
        style={style}
        onKeyDown={onKeyDown}
      >
        <Head columns={columns} head={props.head} />
        <div role="row" ref={body} className={classes.body} onPointerDown={startDrag} {...onPointer}>
          <Gutter range={range} nowMinute={props.nowMinute} nowColumn={indexOf(columns, props.nowColumnId)} />
          {columns.map((column) => (
            <GridColumnBody
              key={column.id}
              column={column}
              range={range}
              stepMinutes={props.stepMinutes}
              shortBelowMinutes={LINE_PX / scale}
              face={props.face}
              noteFace={props.noteFace ?? titleOf}
              cursor={cursor.columnId === column.id ? cursor : null}
              move={moving?.target.columnId === column.id ? moving : null}
              selectedId={props.selectedId}
              liftedId={move?.item.id ?? null}
              describeSlot={props.describeSlot}
            />
          ))}
          <div ref={ghost} className={classes.ghost} data-floating aria-hidden hidden>
            <span className={classes.ghostTime} data-part="time" />
            <span className={classes.ghostTitle} data-part="title" />
            <span className={classes.ghostWhy} data-part="why" />
          </div>
        </div>
      </div>
      <MoveVoice move={moving} columns={columns} />
    </>
  )
}

const titleOf = ({ title }: GridNote): ReactNode => <bdi>{title}</bdi>

/** The same object while it says the same: every card depends on it. */
function useSameStretch({ startMinute, endMinute }: Stretch): Stretch {
  return useMemo(() => ({ startMinute, endMinute }), [startMinute, endMinute])
}

function Head<Item extends GridItem, Column extends GridColumn<Item>>(props: {
  readonly columns: readonly Column[]
  readonly head: (column: Column) => ReactNode
}) {
  return (
    <div role="row" className={classes.head}>
      <div className={classes.corner} aria-hidden />
      {props.columns.map((column) => (
        <div role="columnheader" key={column.id} className={classes.columnHead}>
          {props.head(column)}
        </div>
      ))}
    </div>
  )
}

const indexOf = (columns: readonly GridColumn<GridItem>[], id: string | undefined): number | null =>
  id === undefined ? null : columns.findIndex((column) => column.id === id)

type GutterProps = {
  readonly range: Stretch
  readonly nowMinute: number | null
  /** The one column in which the present is; null for all of them. */
  readonly nowColumn: number | null
}

function Gutter({ range, nowMinute, nowColumn }: GutterProps) {
  const isInRange = nowMinute !== null && nowMinute >= range.startMinute && nowMinute < range.endMinute
  const topOf = (minute: number): string => toLength(minute - range.startMinute)
  return (
    <>
      <div className={classes.gutter} aria-hidden>
        {hoursIn(range).map((minute) => (
          <span key={minute} className={classes.hour} style={{ insetBlockStart: topOf(minute) }}>
            {timeOfMinute(minute)}
          </span>
        ))}
        {isInRange && (
          <span className={classes.nowTime} style={{ insetBlockStart: topOf(nowMinute) }}>
            {timeOfMinute(nowMinute)}
          </span>
        )}
      </div>
      {isInRange && (
        <div
          className={classes.nowLine}
          style={{ insetBlockStart: topOf(nowMinute), '--now-column': nowColumn ?? 0 } as CSSProperties}
          data-one={nowColumn !== null || undefined}
          aria-hidden
        />
      )}
    </>
  )
}

/** Says where a moved item stands; the ghost keeps the focus, so nothing else would. */
function MoveVoice({
  move,
  columns,
}: {
  move: (GridMove & { verdict: Verdict }) | null
  columns: readonly GridColumn<GridItem>[]
}) {
  const column = columns.find(({ id }) => id === move?.target.columnId)
  const where = move && column ? `${timeOfMinute(move.target.minute)}, ${column.title}` : ''
  return (
    <div className="visually-hidden" aria-live="assertive">
      {move && !move.verdict.ok ? `${where}. ${move.verdict.why}` : where}
    </div>
  )
}
