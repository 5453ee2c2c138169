import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { DoctorId } from '#domain/ids.ts'
import { localDayOf, minuteOfDayOf, toLocal } from '#domain/time/clinic-time.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { type Clinic, useClinic } from '#renderer/clinic/use-clinic.ts'
import { useClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useLateness } from '#renderer/clinic/use-lateness.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { useSteps } from '#renderer/clinic/use-steps.ts'
import { ActivityMonitor } from '#renderer/features/activity-monitor/activity-monitor.tsx'
import { useMoveAppointment } from '#renderer/features/move-appointment/use-move-appointment.ts'
import { useMyDay } from '#renderer/features/my-day/use-my-day.ts'
import { ReportsScreen } from '#renderer/features/reports/reports-screen.tsx'
import { SyncInbox } from '#renderer/features/sync-inbox/sync-inbox.tsx'
import { useInbox } from '#renderer/features/sync-inbox/use-inbox.ts'
import { nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import type { TimeGridHandle } from '#renderer/ui/time-grid/time-grid-props.ts'
import { Account } from './account.tsx'
import { AvailabilityView } from './availability-view.tsx'
import { AwayNotice } from './away-notice.tsx'
import { BoardView } from './board-view.tsx'
import classes from './desk.module.css'
import type { DeskParts, Host } from './desk-parts.ts'
import { focusBoard } from './focus-board.ts'
import { Header } from './header.tsx'
import { useKeptPanel } from './kept-panel.ts'
import { Notices } from './notices.tsx'
import { Overlays } from './overlays.tsx'
import { OwnDayView, useFirstScreen } from './own-day-view.tsx'
import { PatientsView } from './patients-view.tsx'
import { Rail } from './rail.tsx'
import { SettingsScreen } from './settings-screen.tsx'
import { useDeskCommands } from './use-desk-commands.ts'
import { useDeskLinks } from './use-links.ts'
import { moveCursor, openVisit, startMoving, stopMoving, useView } from './view-state.ts'

/** The workplace of reception and doctors: board and inbox, and everything around them. */
export function Desk({ host }: { readonly host: Host }) {
  const parts = useDeskParts(host)
  const runs = useDeskCommands(parts)
  useKeptPanel()
  useDeskLinks(parts)
  const { needsYou } = useInbox()
  return (
    <div className={classes.desk}>
      <Rail needsYou={needsYou.length} runs={runs} />
      <div className={classes.main}>
        <Header parts={parts} runs={runs} needsYou={needsYou.length} />
        <Notices host={host} />
        <AwayNotice needsYou={needsYou.length} />
        <MovingStrip />
        <main className={classes.screen}>
          <Screen parts={parts} />
        </main>
      </div>
      <Overlays parts={parts} runs={runs} />
    </div>
  )
}

function Screen({ parts }: { readonly parts: DeskParts }) {
  const { clinic, host } = parts
  const { screen, inboxEntryId } = useView()
  if (screen === 'my-day' && parts.myDay) return <OwnDayView parts={{ ...parts, myDay: parts.myDay }} />
  if (screen === 'board' || screen === 'my-day') return <BoardView parts={parts} />
  if (screen === 'availability') return <AvailabilityView parts={parts} />
  if (screen === 'patients') return <PatientsView parts={parts} />
  if (screen === 'reports') return <ReportsScreen clinic={clinic} api={host.api} platform={host.platform} />
  if (screen === 'settings') return <SettingsScreen clinic={clinic} host={host} today={parts.today} />
  if (screen === 'account') return <Account host={host} />
  if (screen === 'activity') return <ActivityMonitor clinic={clinic} api={host.api} />
  return (
    <SyncInbox
      key={inboxEntryId}
      clinic={clinic}
      api={host.api}
      firstId={inboxEntryId}
      onShowOnBoard={(visit) => openVisit(visit, minuteOfDayOf(visit.localStart))}
      onChooseOnBoard={(visit) => {
        openVisit(visit, minuteOfDayOf(visit.localStart))
        parts.beginMove(visit)
      }}
    />
  )
}

/** What the parts of the desk share: the clinic, the shown day, and what can be done to a visit. */
function useDeskParts(host: Host): DeskParts {
  const clinic = useClinic()
  useFirstScreen(clinic)
  const { screen, day: chosenDay, ownDay, ownVisitId, cursor } = useView()
  const today = localDayOf(useNow(), clinic.zone)
  const clinicDay = useClinicDay(chosenDay ?? today, today)
  const myDay = useMyDay(clinic, today, { day: ownDay, visitId: ownVisitId }, screen === 'my-day')
  const lookup = usePatientLookup()
  const grid = useRef<TimeGridHandle>(null)
  const first = clinic.subject.doctorId ?? clinic.doctors[0]?.id
  const { initialSync, connection } = useSyncStatus()
  // A time is free only when every visit is here; without the server no more will come.
  const isComplete = initialSync.done || connection.phase === 'offline'
  useEffect(() => {
    if (cursor.columnId === '' && first !== undefined && isComplete) void placeCursor(clinic, first)
  }, [cursor.columnId, first, clinic, isComplete])
  return {
    host,
    clinic,
    clinicDay,
    today,
    grid,
    myDay,
    mover: useMoveAppointment(clinic),
    steps: useSteps(clinic),
    lateness: useLateness(clinic, host.api, today),
    beginMove: (visit: Appointment) => {
      const item = {
        id: visit.id,
        title: lookup(visit.patientId)?.name ?? '',
        lengthMinutes: minutesBetween(visit.start, visit.end),
      }
      startMoving({
        visit,
        grid: { item, target: { columnId: visit.doctorId, minute: minuteOfDayOf(visit.localStart) } },
      })
      focusBoard(grid)
    },
  }
}

/** Puts the cursor on the next free time, where the next caller is most likely to go. */
async function placeCursor({ desk, zone, types, bookable }: Clinic, columnId: DoctorId): Promise<void> {
  const type = types.find(({ doctorIds }) => doctorIds.length === 0 || doctorIds.includes(columnId))
  const doctorIds = bookable.some(({ id }) => id === columnId) ? [columnId] : []
  const [free] = type ? await nextFreeLocally(desk, { typeId: type.id, doctorIds, limit: 1 }) : []
  if (useView.getState().cursor.columnId !== '') return
  const place = toLocal(free?.start ?? desk.now(), zone)
  const isToday = place.day === localDayOf(desk.now(), zone)
  moveCursor({ columnId, minute: isToday ? place.minuteOfDay : USUAL_OPENING, itemId: null })
}

const USUAL_OPENING = 9 * 60

/** Says what the keys do while a visit is being moved. */
function MovingStrip() {
  const moving = useView((view) => view.moving)
  return moving && <MovingWords name={moving.grid.item.title} />
}

function MovingWords({ name }: { readonly name: string }) {
  const { t } = useTranslation()
  useHotkeys([{ keys: 'Escape', run: stopMoving }])
  return (
    <p className={classes.moving}>
      <span>{t('board.moving', { name })}</span> <KeyHint keys="Esc" />
    </p>
  )
}
