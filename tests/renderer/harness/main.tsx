/** The TimeGrid with the board's faces over invented data, for specs in a real browser. Counts what the specs ask about. */
import '@mantine/core/styles.layer.css'
import '@fontsource-variable/inter/wght.css'
import '#renderer/ui/theme/tokens.css'
import '#renderer/ui/theme/base.css'
import { MantineProvider } from '@mantine/core'
import { Profiler, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { startI18n } from '#renderer/app/i18n.ts'
import { type BoardItem, toBoardItems } from '#renderer/features/day-board/board-item.ts'
import { CardFace } from '#renderer/features/day-board/card-face.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { cssVariablesResolver, theme } from '#renderer/ui/theme/theme.ts'
import type { GridColumn, GridCursor, GridMove, GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import { TimeGrid } from '#renderer/ui/time-grid/time-grid.tsx'
import { type FakeDoctor, fakeDay, fullDay, MIDNIGHT, NOW_MINUTE } from './fake-day.ts'

type Column = GridColumn<BoardItem> & { readonly specialization: string }

const log = {
  commits: 0,
  /** How often a card's face was drawn. */
  faces: 0,
  writes: [] as unknown[],
  opened: [] as unknown[],
  /** Another desk lets the first confirmed visit arrive. */
  arrive: (): void => undefined,
  /** Takes the board away and draws it anew; how many milliseconds until it is laid out. */
  mountMs: (): number => Number.NaN,
}
Object.assign(window, { harness: log })

const params = new URLSearchParams(location.search)
/** How many visits each doctor has; 0 is a believable day. */
const VISITS = Number(params.get('visits') ?? 0)
const describeSlot = (column: { readonly title: string }, minute: number) =>
  `Free at ${timeOfMinute(minute)}, ${column.title}`
const face = (item: BoardItem) => {
  log.faces += 1
  return <CardFace item={item} />
}
const before = new Map<string, BoardItem>()

function toColumn(doctor: FakeDoctor): Column {
  const names = new Map(doctor.visits.map(({ appointment, name }) => [appointment.id as string, name]))
  const types = new Map(doctor.visits.map(({ appointment, typeName }) => [appointment.id as string, typeName]))
  const items = toBoardItems(
    doctor.visits.map(({ appointment }) => appointment),
    MIDNIGHT + minutes(NOW_MINUTE),
    {
      nameOf: ({ id }) => names.get(id) ?? '',
      typeNameOf: ({ id }) => types.get(id) ?? '',
      markOf: () => 'none',
      labelOf: ({ name, typeName, look, startMinute }) => `${timeOfMinute(startMinute)} ${name}, ${typeName}, ${look}`,
      capacityOf: () => 1,
      placesOf: () => '',
      waitingLimitMinutes: 20,
      canMove: ({ status }) => status === 'pending' || status === 'confirmed',
    },
    before,
  )
  for (const item of items) before.set(item.id, item)
  return { id: doctor.id, title: doctor.name, specialization: doctor.specialization, open: doctor.open, items }
}

function firstArrived(doctors: readonly FakeDoctor[]): FakeDoctor[] {
  let isDone = false
  return doctors.map((doctor) => ({
    ...doctor,
    visits: doctor.visits.map((visit) => {
      if (isDone || visit.appointment.status !== 'confirmed') return visit
      isDone = true
      return { ...visit, appointment: { ...visit.appointment, status: 'arrived', arrivedAt: MIDNIGHT } }
    }),
  }))
}

function moved(doctors: readonly FakeDoctor[], id: string, { columnId, minute }: GridTarget): FakeDoctor[] {
  const visit = doctors.flatMap(({ visits }) => visits).find(({ appointment }) => appointment.id === id)
  if (!visit) return [...doctors]
  const { appointment } = visit
  const start = MIDNIGHT + minutes(minute)
  const next = {
    ...visit,
    appointment: {
      ...appointment,
      start,
      end: start + appointment.end - appointment.start,
      localStart: timeOfMinute(minute),
      doctorId: columnId as typeof appointment.doctorId,
    },
  }
  return doctors.map((doctor) => {
    const others = doctor.visits.filter((one) => one.appointment.id !== id)
    if (doctor.id === columnId) return { ...doctor, visits: [...others, next] }
    return others.length === doctor.visits.length ? doctor : { ...doctor, visits: others }
  })
}

function Harness() {
  const [doctors, setDoctors] = useState<readonly FakeDoctor[]>(() =>
    (VISITS > 0 ? fullDay(VISITS) : fakeDay()).slice(0, Number(params.get('doctors') ?? 12)),
  )
  const columns = useMemo(() => doctors.map(toColumn), [doctors])
  const [cursor, setCursor] = useState<GridCursor>({ columnId: columns[2]?.id ?? '', minute: 765, itemId: null })
  const [move, setMove] = useState<GridMove | null>(null)
  const [selectedId, setSelectedId] = useState<string | null>(null)
  const drop = (id: string, target: GridTarget): void => {
    log.writes.push({ id, ...target })
    setDoctors((current) => moved(current, id, target))
  }
  log.arrive = () => setDoctors(firstArrived)
  const startMove = (): void => {
    const item = columns.flatMap((column) => column.items).find(({ id }) => id === cursor.itemId)
    if (!item?.canMove) return
    const lengthMinutes = item.endMinute - item.startMinute
    setMove({ item: { id: item.id, title: item.title, lengthMinutes }, target: cursor })
  }
  useHotkeys([{ keys: 'm', scope: 'board', run: startMove }])
  return (
    <div style={{ blockSize: '100vh', paddingInlineStart: 56 }} data-hotkey-scope="board">
      <TimeGrid<BoardItem, Column>
        label="Day board"
        columns={columns}
        range={{ startMinute: 420, endMinute: 1140 }}
        stepMinutes={15}
        snapMinutes={5}
        nowMinute={NOW_MINUTE}
        cursor={cursor}
        move={move}
        selectedId={selectedId}
        head={(column) => (
          <>
            <strong>{column.title}</strong>
            <span style={{ color: 'var(--ink-dim)', fontSize: 12 }}>{column.specialization}</span>
          </>
        )}
        face={face}
        describeSlot={describeSlot}
        moveHint="Arrow keys move, Enter drops, Escape gives up."
        judge={({ lengthMinutes }, { columnId, minute }) => judge(columns, columnId, minute, lengthMinutes)}
        onCursor={setCursor}
        onOpenItem={(id) => {
          log.opened.push(id)
          setSelectedId(id)
        }}
        onOpenSlot={(target) => log.opened.push(target)}
        onMoveTarget={(target) => setMove((current) => current && { ...current, target })}
        onMoveEnd={(isDropped) => {
          if (
            isDropped &&
            move &&
            judge(columns, move.target.columnId, move.target.minute, move.item.lengthMinutes).ok
          ) {
            drop(move.item.id, move.target)
            setCursor({ ...move.target, itemId: move.item.id })
          }
          setMove(null)
        }}
        onDrop={(id, target) => {
          drop(id, target)
          setCursor({ ...target, itemId: id })
        }}
      />
    </div>
  )
}

/** The board, which can be taken away and drawn anew. */
function Rounds() {
  const [round, setRound] = useState<number | null>(0)
  log.mountMs = () => {
    flushSync(() => setRound(null))
    const begin = performance.now()
    flushSync(() => setRound((round ?? 0) + 1))
    document.querySelector('[data-item]')?.getBoundingClientRect()
    return performance.now() - begin
  }
  return round !== null && <Harness key={round} />
}

function judge(columns: readonly Column[], columnId: string, minute: number, length: number) {
  const open = columns.find(({ id }) => id === columnId)?.open ?? []
  const isOpen = open.some(({ startMinute, endMinute }) => startMinute <= minute && minute + length <= endMinute)
  return isOpen ? { ok: true as const } : { ok: false as const, why: 'Outside working hours' }
}

await startI18n('en')
if (params.get('dir') === 'rtl') document.documentElement.dir = 'rtl'
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      forceColorScheme={params.get('scheme') === 'dark' ? 'dark' : 'light'}
    >
      <Profiler id="grid" onRender={() => (log.commits += 1)}>
        <main style={{ blockSize: '100%' }}>
          <h1 className="visually-hidden">Harness</h1>
          <Rounds />
        </main>
      </Profiler>
    </MantineProvider>,
  )
}
