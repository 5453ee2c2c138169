import { Button, Checkbox, CloseButton, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CALL_OFF, LEAVE } from '#domain/appointment/day-plan.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { DaySheet } from '#domain/report/day-sheet.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { CallList } from './call-list.tsx'
import classes from './doctor-day.module.css'
import { type DayChange, useDayChange } from './use-day-change.ts'
import { useDayVisits } from './use-day-visits.ts'
import { VisitRows } from './visit-rows.tsx'

type PanelProps = {
  readonly api: Pick<ServerApi, 'call'>
  readonly clinic: Clinic
  readonly doctorId: DoctorId
  readonly day: LocalDay
  readonly onPrint: (sheet: DaySheet) => void
  readonly onClose: () => void
}

/** Why a day cannot be held, in the words of a single cancellation; the text is stored. */
const REASONS = ['doctor-absent', 'by-clinic', 'other'] as const
type Reason = (typeof REASONS)[number]

/** A doctor cannot hold a day: each visit moves or is called off, in one step, and whoever has to be called is listed. */
export function DoctorDayPanel(props: PanelProps) {
  const { api, clinic, doctorId, day, onClose } = props
  const { t } = useTranslation()
  const format = useFormat()
  const [changes, setChanges] = useState(0)
  useHotkeys([{ keys: 'Escape', run: onClose }])
  return (
    <article className={classes.panel} aria-label={t('doctor-day.title')}>
      <header className={classes.head}>
        <h2>
          <bdi>{clinic.doctorOf(doctorId)?.name}</bdi>
        </h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
        <p className={classes.about}>{format.longDay(day)}</p>
      </header>
      <ChangeForm {...props} onChanged={() => setChanges((count) => count + 1)} />
      <CallList key={changes} api={api} clinic={clinic} doctorId={doctorId} day={day} onPrint={props.onPrint} />
    </article>
  )
}

function ChangeForm({ api, clinic, doctorId, day, onChanged }: PanelProps & { readonly onChanged: () => void }) {
  const { t } = useTranslation()
  const visits = useDayVisits(clinic, doctorId, day)
  const change = useDayChange(api, clinic, { doctorId, day }, visits ?? [])
  const [reason, setReason] = useState<Reason>('doctor-absent')
  const [words, setWords] = useState('')
  const [isMessaged, setIsMessaged] = useState(true)
  const isBusy = useRef(false)
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const text = reason === 'other' ? words.trim() : [t(`cancel.${reason}`), words.trim()].filter(Boolean).join(': ')
  const count = change.plan.filter(({ choice }) => choice !== LEAVE).length
  const canSubmit = isOnline && count > 0 && text !== ''
  const submit = async (): Promise<void> => {
    if (!canSubmit || isBusy.current) return
    isBusy.current = true
    if (await change.carryOut(text, isMessaged)) onChanged()
    isBusy.current = false
  }
  useHotkeys([{ keys: 'CmdOrCtrl+Enter', run: () => void submit() }])
  if (visits === undefined) return null
  if (visits.length === 0) return <p className={classes.none}>{t('doctor-day.nobody')}</p>
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void submit()
  }
  return (
    <form className={classes.form} onSubmit={onSubmit} aria-label={t('doctor-day.form')}>
      <div className={classes.all}>
        <Button data-autofocus autoFocus onClick={() => change.chooseAll('move')}>
          {t('doctor-day.move-all')}
        </Button>
        <Button onClick={() => change.chooseAll('call-off')}>{t('doctor-day.cancel-all')}</Button>
        <Button onClick={() => change.chooseAll('leave')}>{t('doctor-day.leave-all')}</Button>
      </div>
      <VisitRows clinic={clinic} change={change} />
      <NativeSelect
        label={t('cancel.why')}
        data={REASONS.map((value) => ({ value, label: t(`cancel.${value}`) }))}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value as Reason)}
      />
      <TextInput
        label={t(reason === 'other' ? 'cancel.words-needed' : 'cancel.words')}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        maxLength={400}
      />
      <Checkbox
        size="xs"
        label={t('doctor-day.tell')}
        description={t(isMessaged ? 'doctor-day.tell-about' : 'doctor-day.tell-none')}
        checked={isMessaged}
        onChange={(event) => setIsMessaged(event.currentTarget.checked)}
      />
      <Summary change={change} />
      {!isOnline && (
        <p className={classes.warning} role="alert">
          {t('doctor-day.offline')}
        </p>
      )}
      <Button
        type="submit"
        variant="filled"
        size="sm"
        disabled={!canSubmit}
        rightSection={<KeyHint keys="CmdOrCtrl+Enter" />}
      >
        {t('doctor-day.button', { count })}
      </Button>
    </form>
  )
}

/** What would come of it, said when it changes. */
function Summary({ change: { plan } }: { readonly change: DayChange }) {
  const { t } = useTranslation()
  const cancelled = plan.filter(({ choice }) => choice === CALL_OFF).length
  const left = plan.filter(({ choice }) => choice === LEAVE).length
  const moved = plan.length - cancelled - left
  return (
    <p className={classes.summary} aria-live="polite">
      {[
        t('doctor-day.moved', { count: moved }),
        t('doctor-day.cancelled', { count: cancelled }),
        t('doctor-day.left', { count: left }),
      ].join(' · ')}
    </p>
  )
}
