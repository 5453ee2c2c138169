import { useLayoutEffect } from 'react'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useDayNotes } from '#renderer/clinic/use-day-notes.ts'
import { DayNotes } from '#renderer/features/day-notes/day-notes.tsx'
import { NoteForm } from '#renderer/features/day-notes/note-form.tsx'
import { MyDayScreen } from '#renderer/features/my-day/my-day-screen.tsx'
import { canStart, type MyDay, startVisit } from '#renderer/features/my-day/use-my-day.ts'
import type { DeskParts } from './desk-parts.ts'
import type { CommandRuns } from './run-command.ts'
import {
  openAt,
  openVisit,
  showOwnDay,
  showOwnNote,
  showOwnVisit,
  showScreen,
  toggleBlur,
  useView,
} from './view-state.ts'

type OwnDayParts = DeskParts & { readonly myDay: MyDay }

/** My day, with what its buttons and keys lead to. */
export function OwnDayView({ parts }: { readonly parts: OwnDayParts }) {
  const { clinic, steps, myDay, lateness } = parts
  const isBlurred = useView((view) => view.isBlurred)
  return (
    <MyDayScreen
      clinic={clinic}
      myDay={myDay}
      steps={steps}
      saidLate={saidLate(parts)}
      notes={<OwnNotes parts={parts} />}
      isBlurred={isBlurred}
      onDay={(day) => showOwnDay(day === myDay.today ? null : day)}
      onVisit={showOwnVisit}
      onBlur={toggleBlur}
      onStart={() => start(parts)}
      onLater={() => void lateness.raise(myDay.doctorId)}
      onTime={() => void lateness.say(myDay.doctorId, 0)}
      onFinish={() => finish(parts)}
      onBoard={(visit) => openVisit(visit, minuteOfDayOf(visit.localStart))}
    />
  )
}

const NO_NOTES: readonly never[] = []

/** What is to be known about the doctor's day; a note is written in its place. */
function OwnNotes({ parts: { clinic, myDay } }: { readonly parts: OwnDayParts }) {
  const { day, doctorId } = myDay
  const ownNote = useView((view) => view.ownNote)
  const notes = useDayNotes(day, doctorId) ?? NO_NOTES
  const opened = notes.find(({ id }) => id === ownNote) ?? null
  const isOpen = ownNote === 'new' || opened !== null
  return (
    <DayNotes
      clinic={clinic}
      notes={notes}
      onOpen={(note) => showOwnNote(note?.id ?? 'new')}
      form={
        isOpen && <NoteForm key={ownNote} clinic={clinic} note={opened} day={day} onDone={() => showOwnNote(null)} />
      }
    />
  )
}

/** A doctor who does not look after the whole clinic begins the day with their own. */
export function useFirstScreen({ subject }: Clinic): void {
  const isAtDesk = subject.grants.some(
    ({ permission, scope }) => permission === 'view-appointments' && scope === 'clinic',
  )
  const first = subject.doctorId !== null && !isAtDesk ? 'my-day' : 'board'
  useLayoutEffect(() => openAt(first), [first])
}

const saidLate = ({ lateness, myDay }: OwnDayParts): number => lateness.of(myDay.doctorId)?.minutes ?? 0

/** The visit stays chosen while it lasts, whoever comes to wait meanwhile. */
function start({ clinic, steps, myDay: { selected } }: OwnDayParts): void {
  if (!selected) return
  showOwnVisit(selected.id)
  void startVisit(clinic, steps, selected)
}

/** After a visit the one at hand is shown: nobody has to look for the next patient. */
function finish({ steps, myDay: { selected } }: OwnDayParts): void {
  if (!selected) return
  void steps.take(selected, 'done').then((isDone) => isDone && showOwnVisit(null))
}

/** What the keys of My day do now; without My day there is nothing to do. */
export function ownDayRuns(parts: DeskParts, isShown: boolean): CommandRuns {
  const { clinic, myDay, steps } = parts
  if (myDay === null) return {}
  const go: CommandRuns = { 'go.my-day': () => showScreen('my-day') }
  if (!isShown) return go
  const { selected, next, previous } = myDay
  const own: OwnDayParts = { ...parts, myDay }
  const step = (by: number): (() => void) | undefined => {
    const day = myDay.days[myDay.days.indexOf(myDay.day) + by]
    return day === undefined ? undefined : () => showOwnDay(day === myDay.today ? null : day)
  }
  const [before, after] = [step(-1), step(1)]
  return {
    ...go,
    'view.today': () => showOwnDay(null),
    ...(before && { 'view.previous-day': before }),
    ...(after && { 'view.next-day': after }),
    ...(clinic.mayEver('manage-day-notes') && { 'file.day-note': () => showOwnNote('new') }),
    'my-day.blur': toggleBlur,
    ...(myDay.day === myDay.today && {
      'my-day.late': () => void parts.lateness.raise(myDay.doctorId),
    }),
    ...(next && { 'my-day.next': () => showOwnVisit(next.id) }),
    ...(previous && { 'my-day.previous': () => showOwnVisit(previous.id) }),
    ...(selected && canStart(steps, selected) && { 'my-day.start': () => start(own) }),
    ...(selected && steps.stepsOf(selected).steps.includes('done') && { 'my-day.finish': () => finish(own) }),
  }
}
