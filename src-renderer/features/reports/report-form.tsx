import { MultiSelect, Select, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { REPORT_DEFINITIONS } from '#domain/report/report-definitions.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { allRooms } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { daysOf, type Narrowed, PERIODS, type ReportChoice } from './report-choice.ts'
import classes from './reports.module.css'

/** Where the keyboard begins: on the form and in none of its fields, so that single keys still act. */
export const REPORT_FORM = 'report-form'

type FormProps = {
  readonly clinic: Clinic
  readonly today: LocalDay
  readonly choice: ReportChoice
  readonly onChange: (choice: ReportChoice) => void
}

/** What the report is, of which days, and what narrows it. */
export function ReportForm({ clinic, today, choice, onChange }: FormProps) {
  const { t } = useTranslation()
  const { definition, period } = choice
  const isAhead = definition === 'third-next-available'
  const setPeriod = (next: ReportChoice['period']): void =>
    // Two days of one's own begin as the days that were shown.
    onChange({ ...choice, ...(next === 'days' && daysOf(choice, today)), period: next })
  return (
    <form
      id={REPORT_FORM}
      tabIndex={-1}
      className={classes.form}
      aria-label={t('reports.form')}
      onSubmit={(event) => event.preventDefault()}
    >
      <Select
        label={t('reports.definition')}
        data={REPORT_DEFINITIONS.map((value) => ({ value, label: t(`report.titles.${value}`) }))}
        value={definition}
        onChange={(value) => value && onChange({ ...choice, definition: value as ReportChoice['definition'] })}
        openOnFocus={false}
        maxDropdownHeight={360}
      />
      <Select
        label={t('reports.period')}
        data={PERIODS.map((value) => ({ value, label: t(`reports.periods.${value}`) }))}
        value={period}
        onChange={(value) => value && setPeriod(value as ReportChoice['period'])}
        openOnFocus={false}
        disabled={isAhead}
      />
      {period === 'days' && !isAhead && (
        <>
          <DayField name="from" choice={choice} onChange={onChange} />
          <DayField name="until" choice={choice} onChange={onChange} />
        </>
      )}
      <NarrowingFields clinic={clinic} narrowed={choice} onChange={(part) => onChange({ ...choice, ...part })} />
    </form>
  )
}

type DayFieldProps = Pick<FormProps, 'choice' | 'onChange'> & { readonly name: 'from' | 'until' }

function DayField({ name, choice, onChange }: DayFieldProps) {
  const { t } = useTranslation()
  const isWrong = choice.until < choice.from && name === 'until'
  return (
    <TextInput
      type="date"
      label={t(`reports.${name}`)}
      value={choice[name]}
      onChange={(event) => onChange({ ...choice, [name]: event.currentTarget.value })}
      error={isWrong && t('reports.until-before-from')}
      required
      withAsterisk={false}
    />
  )
}

type NarrowingProps = {
  readonly clinic: Clinic
  readonly narrowed: Narrowed
  readonly onChange: (part: Partial<Narrowed>) => void
}

/** Nothing chosen means all. */
export function NarrowingFields({ clinic, narrowed, onChange }: NarrowingProps) {
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const rooms = useRxQuery(useMemo(() => allRooms(database), [database])) ?? []
  const named = (rows: readonly { readonly id: string; readonly name: string }[]) =>
    rows.map(({ id, name }) => ({ value: id, label: name }))
  const fields = {
    doctorIds: named(clinic.doctors),
    typeIds: named(clinic.types),
    roomIds: named(rooms.filter(({ isActive }) => isActive).toSorted((a, b) => a.position - b.position)),
    statuses: APPOINTMENT_STATUSES.map((value) => ({ value, label: t(`report.statuses.${value}`) })),
  } as const
  return (Object.keys(fields) as (keyof Narrowed)[]).map((field) => (
    <MultiSelect
      key={field}
      label={t(`reports.narrow.${field}`)}
      placeholder={narrowed[field].length === 0 ? t('reports.all') : ''}
      data={fields[field]}
      value={[...narrowed[field]]}
      onChange={(values) => onChange({ [field]: values })}
      openOnFocus={false}
      searchable
      hidePickedOptions={false}
      nothingFoundMessage={t('find.nothing')}
    />
  ))
}
