import { Checkbox, NativeSelect, NumberInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { useTranslation } from 'react-i18next'
import { MOST_OCCURRENCES, type SeriesRule } from '#domain/appointment/series.ts'
import { LEFT_OUT, type PlannedVisit } from '#domain/appointment/series-plan.ts'
import type { Instant } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './series-step.module.css'
import { MOST_INTERVAL, type Series } from './use-series.ts'

type StepProps = { readonly clinic: Clinic; readonly series: Series; readonly first: Instant | undefined }

const FREQUENCIES = ['daily', 'weekly', 'monthly'] as const satisfies readonly SeriesRule['frequency'][]

/** Whether the visit repeats, how, and what of it can be had. */
export function SeriesStep({ clinic, series, first }: StepProps) {
  const { t } = useTranslation()
  const { draft, change } = series
  return (
    <div className={classes.series}>
      <Checkbox
        size="xs"
        label={
          <span className={classes.label}>
            {t('book.series.repeat')} <KeyHint keys="Alt+s" />
          </span>
        }
        checked={draft.isOn}
        onChange={(event) => change({ isOn: event.currentTarget.checked })}
      />
      {draft.isOn && (
        <fieldset className={classes.how}>
          <legend className="visually-hidden">{t('book.series.how')}</legend>
          <Rule series={series} />
          <Preview clinic={clinic} series={series} first={first} />
        </fieldset>
      )}
    </div>
  )
}

function Rule({ series: { draft, change } }: Pick<StepProps, 'series'>) {
  const { t } = useTranslation()
  return (
    <div className={classes.rule}>
      <NumberInput
        label={t('book.series.every')}
        value={draft.interval}
        onChange={(value) => change({ interval: Number(value) })}
        min={1}
        max={MOST_INTERVAL}
        allowDecimal={false}
        clampBehavior="strict"
      />
      <NativeSelect
        label={t('book.series.unit')}
        data={FREQUENCIES.map((value) => ({ value, label: t(`book.series.${value}`) }))}
        value={draft.frequency}
        onChange={(event) => change({ frequency: event.currentTarget.value as SeriesRule['frequency'] })}
      />
      <NumberInput
        label={t('book.series.count')}
        value={draft.until === null ? draft.count : ''}
        onChange={(value) => value !== '' && change({ count: Number(value), until: null })}
        min={1}
        max={MOST_OCCURRENCES}
        allowDecimal={false}
        clampBehavior="strict"
      />
      <DateInput
        label={t('book.series.until')}
        placeholder={t('book.series.until-hint')}
        value={draft.until}
        onChange={(until) => change({ until })}
        clearable
      />
    </div>
  )
}

function Preview({ clinic, series, first }: StepProps) {
  const { t } = useTranslation()
  const failure = useFailure()
  const { view } = series
  switch (view.kind) {
    case 'off':
      return null
    case 'offline':
      return (
        <p className={classes.warning} role="alert">
          {t('book.series.offline')}
        </p>
      )
    case 'incomplete':
      return <p className={classes.quiet}>{t('book.series.incomplete')}</p>
    case 'too-short':
      return <p className={classes.warning}>{t('book.series.too-short', { count: MOST_OCCURRENCES })}</p>
    case 'asking':
      return <p className={classes.quiet}>{t('book.series.asking')}</p>
    case 'failed':
      return (
        <p className={classes.warning} role="alert">
          {failure(view.failure)}
        </p>
      )
    case 'ready':
      return (
        <>
          <Summary plan={view.plan} />
          <ol className={classes.list} aria-label={t('book.series.list')}>
            {view.plan.map((visit) => (
              <Row key={visit.day} clinic={clinic} series={series} visit={visit} first={first} />
            ))}
          </ol>
        </>
      )
  }
}

/** How much of it is as planned, said when it changes. */
function Summary({ plan }: { readonly plan: readonly PlannedVisit[] }) {
  const { t } = useTranslation()
  const booked = plan.filter(({ chosen }) => chosen !== null)
  const moved = booked.filter(({ place }) => place === null).length
  const left = plan.length - booked.length
  const words = [
    t('book.series.visits', { count: booked.length }),
    ...(moved > 0 ? [t('book.series.moved', { count: moved })] : []),
    ...(left > 0 ? [t('book.series.left', { count: left })] : []),
  ]
  return (
    <p className={classes.quiet} aria-live="polite">
      {words.join(' · ')}
    </p>
  )
}

type RowProps = StepProps & { readonly visit: PlannedVisit }

function Row(props: RowProps) {
  const { series, visit } = props
  const format = useFormat()
  const { t } = useTranslation()
  const { day, place, chosen } = visit
  if (place === null) return <TakenRow {...props} />
  return (
    <li className={classes.row}>
      <Checkbox
        size="xs"
        checked={chosen !== null}
        onChange={(event) => series.choose(day, event.currentTarget.checked ? null : LEFT_OUT)}
        label={<time className={classes.time}>{format.moment(place.start)}</time>}
      />
      <span className={classes.quiet}>{t(chosen ? 'book.series.free' : 'book.series.left-out')}</span>
    </li>
  )
}

/** A planned time that cannot be had, and what to do about it. */
function TakenRow({ clinic, series, visit, first }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { day, code, chosen, open } = visit
  const when = first === undefined ? format.day(day) : `${format.day(day)} ${format.time(first)}`
  const value = (place: { readonly doctorId: string; readonly start: number }) => `${place.doctorId}@${place.start}`
  return (
    <li className={classes.taken}>
      <span>
        <time className={classes.time}>{when}</time>{' '}
        <span className={classes.why}>{refusalSentence(t, code ?? '')}</span>
      </span>
      {open.length === 0 ? (
        <span className={classes.quiet}>{t('book.series.none-near')}</span>
      ) : (
        <NativeSelect
          size="xs"
          aria-label={t('book.series.instead', { day: when })}
          value={chosen ? value(chosen) : LEFT_OUT}
          data={[
            ...open.map((place) => ({
              value: value(place),
              label: `${format.moment(place.start)} ${clinic.doctorOf(place.doctorId)?.name ?? ''}`,
            })),
            { value: LEFT_OUT, label: t('book.series.leave-out') },
          ]}
          onChange={(event) => {
            const picked = open.find((place) => value(place) === event.currentTarget.value)
            series.choose(day, picked ?? LEFT_OUT)
          }}
        />
      )}
    </li>
  )
}
