import { ActionIcon, Button, NativeSelect } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import {
  copyDay,
  DAY_MINUTES,
  erase,
  type Publish,
  paint,
  type Stroke,
  stretchesOf,
  strokeOf,
  WEEKDAYS,
  type WeekPlan,
  type Weeks,
} from '#domain/schedule/week-plan.ts'
import { type LocalTime, timeOfMinute } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import classes from './availability.module.css'
import { TimeField } from './time-field.tsx'
import { dayOfWeekday } from './weekday-names.ts'

type RowsProps = { readonly plan: WeekPlan; readonly onPlan: (plan: WeekPlan) => void }

const PUBLISH: readonly Publish[] = ['online', 'ask', 'staff']
const WEEKS: readonly Weeks[] = ['every', 'odd', 'even']
const WORKDAYS = [1, 2, 3, 4, 5] as const

/** The week as typed rows: everything the picture says, by key. */
export function WeekRows({ plan, onPlan }: RowsProps) {
  return (
    <div className={classes.rows}>
      {WEEKDAYS.map((weekday) => (
        <DayRows key={weekday} weekday={weekday} plan={plan} onPlan={onPlan} />
      ))}
    </div>
  )
}

function DayRows({ weekday, plan, onPlan }: RowsProps & { readonly weekday: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = format.weekday(dayOfWeekday(weekday))
  const stretches = stretchesOf(plan, weekday)
  const next = nextStretch(stretches)
  const targets = [
    ...WEEKDAYS.filter((other) => other !== weekday).map((other) => ({
      value: String(other),
      label: format.weekday(dayOfWeekday(other)),
    })),
    { value: 'workdays', label: t('availability.workdays') },
    { value: 'all', label: t('availability.all-days') },
  ]
  const copy = (to: string): void => {
    const days = to === 'all' ? WEEKDAYS : to === 'workdays' ? WORKDAYS : [Number(to)]
    onPlan(copyDay(plan, weekday, days))
  }
  return (
    <fieldset className={classes.dayRows}>
      <legend>{name}</legend>
      <div className={classes.ranges}>
        {stretches.length === 0 && <span className={classes.closed}>{t('availability.closed')}</span>}
        {stretches.map((stretch) => (
          <RangeRow
            key={`${stretch.start} ${stretch.end} ${stretch.weeks} ${stretch.publish}`}
            name={name}
            stretch={{ ...stretch, weekday }}
            onChange={(wanted) => {
              const without = erase(plan, { ...stretch, weekday })
              onPlan(wanted ? paint(without, wanted, wanted.publish) : without)
            }}
          />
        ))}
      </div>
      <div className={classes.dayTools}>
        {next && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('availability.add-on', { day: name })}
            onClick={() => onPlan(paint(plan, { ...next, weekday, weeks: 'every' }, 'online'))}
          >
            {t('availability.add')}
          </Button>
        )}
        {stretches.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label={t('availability.copy-from', { day: name })}
            value=""
            data={[{ value: '', label: t('availability.copy-to') }, ...targets]}
            onChange={(event) => event.currentTarget.value !== '' && copy(event.currentTarget.value)}
          />
        )}
      </div>
    </fieldset>
  )
}

type Stretch = Stroke & { readonly publish: Publish }

/** Where another range of the day would go: a morning first, then an hour after the last; null when the day is full. */
function nextStretch(stretches: readonly { readonly end: number }[]) {
  const last = Math.max(0, ...stretches.map(({ end }) => end))
  if (last === 0) return { start: 9 * 60, end: 12 * 60 }
  const start = last + 60
  return start + 60 <= DAY_MINUTES ? { start, end: Math.min(DAY_MINUTES, start + 180) } : null
}

type RangeProps = {
  readonly name: string
  readonly stretch: Stretch
  /** Null removes it. */
  readonly onChange: (wanted: Stretch | null) => void
}

/** One range. Times count when the field is left or with Enter: half a time typed is none. */
function RangeRow({ name, stretch, onChange }: RangeProps) {
  const { t } = useTranslation()
  const start = timeOfMinute(stretch.start)
  const end = timeOfMinute(stretch.end % DAY_MINUTES)
  const keep = (part: { startTime?: LocalTime; endTime?: LocalTime; publish?: Publish; weeks?: Weeks }): void => {
    const { weekday, weeks, publish } = stretch
    const wanted = { weekday, weeks, startTime: start, endTime: end, ...part }
    onChange({ ...strokeOf(wanted), publish: part.publish ?? publish })
  }
  const what = { day: name, from: start, until: end }
  return (
    <fieldset className={classes.range} aria-label={t('availability.range', what)}>
      <TimeField label={t('availability.from')} value={start} onTime={(startTime) => keep({ startTime })} />
      <span aria-hidden>–</span>
      <TimeField label={t('availability.until')} value={end} onTime={(endTime) => keep({ endTime })} />
      <NativeSelect
        size="xs"
        aria-label={t('availability.who-books')}
        data={PUBLISH.map((value) => ({ value, label: t(`availability.publish.${value}`) }))}
        value={stretch.publish}
        onChange={(event) => keep({ publish: event.currentTarget.value as Publish })}
      />
      <NativeSelect
        size="xs"
        aria-label={t('availability.which-weeks')}
        data={WEEKS.map((value) => ({ value, label: t(`availability.weeks.${value}`) }))}
        value={stretch.weeks}
        onChange={(event) => keep({ weeks: event.currentTarget.value as Weeks })}
      />
      <ActionIcon aria-label={t('availability.remove', what)} onClick={() => onChange(null)}>
        <IconX size={15} stroke={1.8} aria-hidden />
      </ActionIcon>
    </fieldset>
  )
}
