import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { MOST_WEEKS, recallWeek, USUAL_WEEKS } from '#domain/waitlist/recall.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { offers } from '#renderer/local-db/desk.ts'
import { orderRecallLocally, withdrawRecallLocally } from '#renderer/local-db/recalls-store.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import classes from './my-day.module.css'

type SeeAgainProps = { readonly clinic: Clinic; readonly visit: Appointment }

/** "See again in six weeks": an order that the desk turns into a visit. */
export function SeeAgain(props: SeeAgainProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const { doctorId, patientId } = props.visit
  if (!props.clinic.may('manage-waitlist', { doctorId, patientId })) return null
  if (isOpen) return <OrderForm {...props} onClose={() => setIsOpen(false)} />
  return (
    <div>
      <Button onClick={() => setIsOpen(true)}>{t('recall.see-again')}</Button>
    </div>
  )
}

function OrderForm({ clinic, visit, onClose }: SeeAgainProps & { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [weeks, setWeeks] = useState<number>(4)
  const [typeId, setTypeId] = useState<AppointmentTypeId>(visit.typeId)
  const [note, setNote] = useState('')
  const weeksField = useRef<HTMLInputElement>(null)
  useEffect(() => weeksField.current?.select(), [])
  const { desk } = clinic
  const types = clinic.types.filter((type) => offers(type, visit.doctorId) || type.id === visit.typeId)
  const { fromDay } = recallWeek(localDayOf(desk.now(), clinic.zone), weeks)
  const order = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const { patientId, doctorId } = visit
    const written = await orderRecallLocally(desk, { patientId, doctorId, typeId, weeks, note })
    if (!written.ok) return showProblem(refusalSentence(t, written.reason))
    showUndo(t('recall.ordered', { week: format.day(fromDay) }), t('undo.button'), () =>
      withdrawRecallLocally(desk, written.entry.id),
    )
    onClose()
  }
  return (
    <form
      className={classes.order}
      aria-label={t('recall.see-again')}
      onSubmit={(event) => void order(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <h3>{t('recall.see-again')}</h3>
      <div className={classes.weeks}>
        <NumberInput
          label={t('recall.in-weeks')}
          min={1}
          max={MOST_WEEKS}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="strict"
          hideControls
          ref={weeksField}
          value={weeks}
          onChange={(value) => setWeeks(Math.max(1, Number(value) || 1))}
        />
        {USUAL_WEEKS.map((count) => (
          <Button
            key={count}
            variant="subtle"
            size="compact-sm"
            aria-pressed={weeks === count}
            onClick={() => setWeeks(count)}
          >
            {t('recall.weeks', { count })}
          </Button>
        ))}
      </div>
      <p className={classes.week}>{t('recall.week-of', { week: format.day(fromDay) })}</p>
      <NativeSelect
        label={t('details.type')}
        data={types.map(({ id, name }) => ({ value: id, label: name }))}
        value={typeId}
        onChange={(event) => setTypeId(event.currentTarget.value as AppointmentTypeId)}
      />
      <TextInput
        label={t('recall.note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button type="submit">{t('recall.order')}</Button>
        <Button variant="subtle" onClick={onClose}>
          {t('panel.close')}
        </Button>
      </div>
    </form>
  )
}
