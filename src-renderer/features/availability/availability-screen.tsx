import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '#domain/access/can.ts'
import type { AvailabilityChange } from '#domain/api/availability-api.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { rangesOf, type Weeks, weeklyMinutes } from '#domain/schedule/week-plan.ts'
import { isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'
import { switchDays } from '#domain/time/switch-days.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { createAvailabilityApi } from '#renderer/server-api/availability-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { EmptyState } from '#renderer/ui/parts/empty-state.tsx'
import classes from './availability.module.css'
import { DatedList } from './dated-list.tsx'
import { ImpactPanel } from './impact-panel.tsx'
import { LeaveForm } from './leave-form.tsx'
import { type Change, useChange } from './use-change.ts'
import { useWeekDraft, type WeekDraft } from './use-week-draft.ts'
import { type Brush, WeekPainter } from './week-painter.tsx'
import { WeekRows } from './week-rows.tsx'

type ScreenProps = {
  readonly clinic: Clinic
  readonly api: Pick<ServerApi, 'call'>
  readonly today: LocalDay
  readonly onMove: (id: AppointmentId) => void
}
/** For whoever may add the first doctor of a clinic. */
type FirstDoctor = { readonly onAddDoctors: (() => void) | null }

/** A doctor's weekly hours and the days that differ from them; doctors for themselves, others for everybody they may. */
export function AvailabilityScreen({ clinic, api, today, onMove, onAddDoctors }: ScreenProps & FirstDoctor) {
  const { t } = useTranslation()
  const { subject } = clinic
  const mine = clinic.doctors.filter(({ id }) =>
    can(subject, 'manage-schedules', { clinicId: subject.clinicId, doctorId: id }),
  )
  const [chosen, setChosen] = useState<DoctorId | null>(null)
  const doctor =
    mine.find(({ id }) => id === chosen) ?? mine.find(({ id }) => id === clinic.subject.doctorId) ?? mine[0]
  if (!doctor && clinic.doctors.length === 0 && onAddDoctors)
    return (
      <EmptyState action={{ label: t('board.add-doctors'), onAct: onAddDoctors }}>{t('board.no-doctors')}</EmptyState>
    )
  if (!doctor) return <EmptyState>{t('availability.nobody')}</EmptyState>
  return (
    <div className={classes.screen}>
      {mine.length > 1 && (
        <NativeSelect
          className={classes.doctor}
          label={t('details.doctor')}
          data={mine.map(({ id, name }) => ({ value: id, label: name }))}
          value={doctor.id}
          onChange={(event) => setChosen(event.currentTarget.value as DoctorId)}
        />
      )}
      <Doctor key={doctor.id} clinic={clinic} api={api} today={today} onMove={onMove} doctorId={doctor.id} />
    </div>
  )
}

function Doctor({ clinic, api, today, onMove, doctorId }: ScreenProps & { readonly doctorId: DoctorId }) {
  const { t } = useTranslation()
  const calls = useMemo(() => createAvailabilityApi(api), [api])
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState('')
  const validFrom = isLocalDay(from) && from >= today ? from : today
  const draft = useWeekDraft(doctorId, validFrom)
  const change = useChange(calls, (saved: AvailabilityChange) => {
    if (saved.kind === 'replace-hours') draft.reset()
  })
  const ask = (wanted: AvailabilityChange): void => void change.ask(wanted)
  const replace = (): void =>
    ask({
      kind: 'replace-hours',
      doctorId,
      ranges: [...rangesOf(draft.plan)],
      validFrom,
      validUntil: isLocalDay(until) ? until : null,
    })
  return (
    <div className={classes.editor}>
      <section className={classes.week} aria-label={t('availability.week')}>
        <div className={classes.validity}>
          <TextInput
            type="date"
            label={t('availability.valid-from')}
            min={today}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('availability.valid-until')}
            min={validFrom}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <p className={classes.zone}>{t('availability.zone', { zone: clinic.zone.replaceAll('_', ' ') })}</p>
        </div>
        <Notes clinic={clinic} validFrom={validFrom} draft={draft} />
        {draft.isReady && <Week draft={draft} change={change} onSave={replace} />}
      </section>
      <aside className={classes.side}>
        <ImpactPanel change={change} onMove={onMove} />
        <h2>{t('availability.dated')}</h2>
        <DatedList doctorId={doctorId} today={today} onAsk={ask} />
        <LeaveForm clinic={clinic} doctorId={doctorId} today={today} onAsk={ask} />
      </aside>
    </div>
  )
}

type WeekProps = { readonly draft: WeekDraft; readonly change: Change; readonly onSave: () => void }

function Week({ draft, change, onSave }: WeekProps) {
  const { t } = useTranslation()
  const isOffline = useSyncStatus().connection.phase !== 'ready'
  const [brush, setBrush] = useState<Brush>({ publish: 'online', weeks: 'every' })
  const { plan, set, reset, isChanged } = draft
  const isOpen = change.state.kind !== 'idle'
  return (
    <>
      <div className={classes.brushes}>
        <SegmentedControl
          size="xs"
          aria-label={t('availability.brush')}
          data={(['online', 'ask', 'staff', 'erase'] as const).map((value) => ({
            value,
            label: t(`availability.publish.${value}`),
          }))}
          value={brush.publish}
          onChange={(publish) => setBrush({ ...brush, publish })}
        />
        <NativeSelect
          size="xs"
          aria-label={t('availability.which-weeks')}
          data={(['every', 'odd', 'even'] as const).map((value) => ({
            value,
            label: t(`availability.weeks.${value}`),
          }))}
          value={brush.weeks}
          onChange={(event) => setBrush({ ...brush, weeks: event.currentTarget.value as Weeks })}
        />
        <span className={classes.quiet}>{t('availability.paint-hint')}</span>
        <bdi className={classes.total}>
          {t('availability.hours', { count: Math.round(weeklyMinutes(plan) / 6) / 10 })}
        </bdi>
      </div>
      <WeekPainter plan={plan} brush={brush} onPlan={set} />
      <WeekRows plan={plan} onPlan={set} />
      <div className={classes.save}>
        <Button variant={isOpen ? 'default' : 'filled'} disabled={!isChanged || isOffline} onClick={onSave}>
          {t('availability.check-week')}
        </Button>
        {isChanged && (
          <Button variant="subtle" onClick={reset}>
            {t('availability.discard')}
          </Button>
        )}
        <span role="status" className={classes.said}>
          {isOffline ? t('availability.week-offline') : isChanged ? t('availability.not-saved') : ''}
        </span>
      </div>
    </>
  )
}

const AHEAD_DAYS = 366

/** What whoever plans has to know: other hours that begin later, and days on which the clock is changed. */
function Notes({ clinic, validFrom, draft }: Pick<ScreenProps, 'clinic'> & { validFrom: LocalDay; draft: WeekDraft }) {
  const { t } = useTranslation()
  const format = useFormat()
  const switches = useMemo(() => switchDays(clinic.zone, validFrom, AHEAD_DAYS), [clinic.zone, validFrom])
  return (
    <ul className={classes.notes}>
      {draft.changesOn !== null && <li>{t('availability.changes-on', { day: format.day(draft.changesOn) })}</li>}
      {switches.map(({ day, hours }) => (
        <li key={day}>
          {t(hours < 24 ? 'availability.clock-forward' : 'availability.clock-back', {
            day: format.birthDate(day),
            hours,
          })}
        </li>
      ))}
    </ul>
  )
}
