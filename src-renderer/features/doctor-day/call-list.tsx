import { Button, Checkbox } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useCallback, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallTask } from '#domain/api/series-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { DaySheet } from '#domain/report/day-sheet.ts'
import { type LocalDay, toLocal } from '#domain/time/clinic-time.ts'
import { type Format, useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { useCalendarVersion } from '#renderer/local-db/use-calendar-version.ts'
import { createAvailabilityApi } from '#renderer/server-api/availability-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './doctor-day.module.css'

type ListProps = {
  readonly api: Pick<ServerApi, 'call'>
  readonly clinic: Clinic
  readonly doctorId: DoctorId
  readonly day: LocalDay
  readonly onPrint: (sheet: DaySheet) => void
}

/** Colleagues share the calls: what one of them has made is seen by the others soon. */
const AGAIN_MS = 5_000

/** Whom to call about a day that was changed, ticked off by whoever made the call. */
export function CallList({ api, clinic, doctorId, day, onPrint }: ListProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { tasks, tick } = useTasks(api, doctorId, day)
  if (tasks.length === 0) return null
  const done = tasks.filter(({ doneAt }) => doneAt !== null).length
  const words = (task: CallTask): string => wordsOf(t, format, clinic, task)
  const print = (): void => onPrint(sheetOf(t, format, clinic, { doctorId, day, tasks, words }))
  return (
    <section className={classes.calls} aria-label={t('doctor-day.calls')}>
      <h3>
        {t('doctor-day.calls')}{' '}
        <span className={classes.quiet}>{t('doctor-day.done', { done, total: tasks.length })}</span>
        <Button size="compact-sm" leftSection={<IconPrinter size={14} stroke={1.75} aria-hidden />} onClick={print}>
          {t('doctor-day.print')}
        </Button>
      </h3>
      <ul>
        {tasks.map((task) => (
          <li key={task.appointmentId}>
            <Checkbox
              size="xs"
              checked={task.doneAt !== null}
              onChange={(event) => void tick(task, event.currentTarget.checked)}
              label={
                <span>
                  <bdi className={classes.name}>{task.name}</bdi>{' '}
                  <bdi className="tabular">{task.phone || t('doctor-day.no-phone')}</bdi>
                </span>
              }
              description={[
                words(task),
                task.doneAt === null
                  ? ''
                  : t('doctor-day.done-by', { name: task.doneByName, time: format.time(task.doneAt) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function useTasks(api: Pick<ServerApi, 'call'>, doctorId: DoctorId, day: LocalDay) {
  const failure = useFailure()
  const calls = useMemo(() => createAvailabilityApi(api), [api])
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const version = useCalendarVersion()
  const { value, reload } = useLoaded(useCallback(() => calls.tasks(doctorId, day), [calls, doctorId, day]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the calendar may be another list
  useEffect(() => {
    if (!isOnline) return
    void reload()
    const timer = setInterval(() => void reload(), AGAIN_MS)
    return () => clearInterval(timer)
  }, [isOnline, reload, version])
  const tick = async ({ appointmentId }: CallTask, isDone: boolean): Promise<void> => {
    const answer = await calls.tickTask(doctorId, { day, appointmentId, isDone })
    if (!answer.ok) showProblem(failure(answer))
    await reload()
  }
  return { tasks: value?.tasks ?? [], tick }
}

/** "10:30 cancelled", or where it went. */
function wordsOf(t: TFunction, format: Format, clinic: Clinic, { kind, wasAt, start, doctorId }: CallTask): string {
  const time = format.time(wasAt)
  if (kind === 'cancelled') return t('doctor-day.was-cancelled', { time })
  return t('doctor-day.was-moved', { time, to: format.moment(start), doctor: clinic.doctorOf(doctorId)?.name ?? '' })
}

type SheetParts = {
  readonly doctorId: DoctorId
  readonly day: LocalDay
  readonly tasks: readonly CallTask[]
  readonly words: (task: CallTask) => string
}

/** The list for paper, with a box to tick. */
function sheetOf(t: TFunction, format: Format, clinic: Clinic, { doctorId, day, tasks, words }: SheetParts): DaySheet {
  const { user, now } = clinic.desk
  const { name: clinicName, zone } = user.clinic
  const doctor = clinic.doctorOf(doctorId)?.name ?? ''
  const label = (key: string, text: string) => ({ key, label: text, kind: 'text' }) as const
  return {
    title: t('doctor-day.sheet', { day: format.longDay(day) }),
    clinicName,
    asOf: t('report.as-of', { ...toLocal(now(), zone), zone }),
    columns: [
      label('done', ''),
      label('patient', t('day-sheet.columns.patient')),
      label('phone', t('patient.phone')),
      label('what', t('doctor-day.what')),
    ],
    sections: [
      {
        heading: t('day-sheet.heading', { doctor, count: tasks.length }),
        rows: tasks.map((task) => [task.doneAt === null ? '☐' : '☑', task.name, task.phone || task.email, words(task)]),
      },
    ],
  }
}
