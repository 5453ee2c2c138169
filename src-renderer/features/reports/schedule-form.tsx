import { Button, Modal, MultiSelect, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CreateReportScheduleBody, REPORT_TYPES, type ReportSchedule } from '#domain/api/report-api.ts'
import type { UserId } from '#domain/ids.ts'
import { RELATIVE_RANGES } from '#domain/report/relative-range.ts'
import { REPORT_DEFINITIONS } from '#domain/report/report-definitions.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { type Narrowed, NOT_NARROWED, narrowingOf } from './report-choice.ts'
import { NarrowingFields } from './report-form.tsx'
import classes from './reports.module.css'
import { WEEKDAYS } from './schedule-words.ts'
import type { Schedules } from './use-schedules.ts'

const LAST_DAY = 28
const MONTH_DAYS = Array.from({ length: LAST_DAY }, (_, index) => String(index + 1))

type Draft = Omit<CreateReportScheduleBody, 'filter'> & { readonly narrowed: Narrowed }

const draftOf = (schedule: ReportSchedule | null, selfId: UserId | undefined): Draft => ({
  name: schedule?.name ?? '',
  definition: schedule?.definition ?? 'appointments-by-doctor',
  range: schedule?.range ?? 'last-week',
  type: schedule?.type ?? 'pdf',
  weekday: schedule ? schedule.weekday : 1,
  dayOfMonth: schedule?.dayOfMonth ?? null,
  localTime: schedule?.localTime ?? '07:00',
  recipientIds: schedule?.recipientIds ?? (selfId ? [selfId] : []),
  isActive: schedule?.isActive ?? true,
  narrowed: { ...NOT_NARROWED, ...schedule?.filter },
})

type FormProps = {
  readonly clinic: Clinic
  readonly schedules: Schedules
  /** The one that is changed; null for a new one. */
  readonly schedule: ReportSchedule | null
  readonly onClose: () => void
}

/** Name, what, when and for whom; the server works out when it runs next. */
export function ScheduleForm({ clinic, schedules, schedule, onClose }: FormProps) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(() => draftOf(schedule, clinic.subject.userId))
  const [isSending, setIsSending] = useState(false)
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const isComplete = draft.name.trim() !== '' && draft.recipientIds.length > 0 && draft.localTime !== ''
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isComplete || isSending) return
    setIsSending(true)
    const { narrowed, ...rest } = draft
    const body = { ...rest, name: draft.name.trim(), filter: narrowingOf(narrowed) }
    const isTaken = await (schedule ? schedules.edit(schedule, body) : schedules.add(body))
    setIsSending(false)
    if (isTaken) onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      size="36rem"
      title={t(schedule ? 'reports.edit-schedule' : 'reports.add-schedule')}
      closeButtonProps={{ 'aria-label': t('panel.close') }}
    >
      <form className={classes.scheduleForm} onSubmit={(event) => void submit(event)}>
        <TextInput
          className={classes.wide}
          label={t('reports.name')}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          maxLength={120}
          data-autofocus
        />
        <WhatFields draft={draft} onChange={change} />
        <WhenFields draft={draft} onChange={change} />
        <NarrowingFields
          clinic={clinic}
          narrowed={draft.narrowed}
          onChange={(part) => change({ narrowed: { ...draft.narrowed, ...part } })}
        />
        <MultiSelect
          className={classes.wide}
          label={t('reports.recipients')}
          description={t('reports.recipients-about')}
          data={peopleOf(schedules, draft)}
          value={draft.recipientIds}
          onChange={(ids) => change({ recipientIds: ids as UserId[] })}
          openOnFocus={false}
          searchable
        />
        <div className={classes.formEnd}>
          <Button onClick={onClose}>{t('reports.back')}</Button>
          <Button type="submit" variant="filled" disabled={!isComplete} loading={isSending}>
            {t('reports.save-schedule')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** A recipient whom this person may not look up stays one, under an unknown name. */
function peopleOf({ people }: Schedules, { recipientIds }: Draft) {
  const unknown = recipientIds.filter((id) => !people.some((person) => person.id === id))
  return [...people, ...unknown.map((id) => ({ id, name: '…' }))].map(({ id, name }) => ({ value: id, label: name }))
}

type FieldsProps = { readonly draft: Draft; readonly onChange: (part: Partial<Draft>) => void }

function WhatFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <Select
        className={classes.wide}
        label={t('reports.definition')}
        data={REPORT_DEFINITIONS.map((value) => ({ value, label: t(`report.titles.${value}`) }))}
        value={draft.definition}
        onChange={(value) => value && onChange({ definition: value as Draft['definition'] })}
        openOnFocus={false}
      />
      <Select
        label={t('reports.period')}
        data={RELATIVE_RANGES.map((value) => ({ value, label: t(`reports.ranges.${value}`) }))}
        value={draft.range}
        onChange={(value) => value && onChange({ range: value as Draft['range'] })}
        openOnFocus={false}
      />
      <Select
        label={t('reports.file-type')}
        data={REPORT_TYPES.map((value) => ({ value, label: value.toUpperCase() }))}
        value={draft.type}
        onChange={(value) => value && onChange({ type: value as Draft['type'] })}
        openOnFocus={false}
      />
    </>
  )
}

const RHYTHMS = ['day', 'week', 'month'] as const

function WhenFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const { weekday, dayOfMonth, localTime } = draft
  const rhythm = weekday !== null ? 'week' : dayOfMonth !== null ? 'month' : 'day'
  return (
    <>
      <Select
        label={t('reports.rhythm')}
        data={RHYTHMS.map((value) => ({ value, label: t(`reports.rhythms.${value}`) }))}
        value={rhythm}
        onChange={(value) =>
          onChange({ weekday: value === 'week' ? 1 : null, dayOfMonth: value === 'month' ? 1 : null })
        }
        openOnFocus={false}
      />
      {rhythm === 'week' && (
        <Select
          label={t('reports.weekday')}
          data={WEEKDAYS.map((value) => ({ value, label: t(`reports.weekdays.${value}`) }))}
          value={String(weekday)}
          onChange={(value) => value && onChange({ weekday: Number(value) })}
          openOnFocus={false}
        />
      )}
      {rhythm === 'month' && (
        <Select
          label={t('reports.day-of-month')}
          data={MONTH_DAYS}
          value={String(dayOfMonth)}
          onChange={(value) => value && onChange({ dayOfMonth: Number(value) })}
          openOnFocus={false}
        />
      )}
      <TextInput
        type="time"
        label={t('reports.time')}
        value={localTime}
        onChange={(event) => onChange({ localTime: event.currentTarget.value })}
      />
    </>
  )
}
