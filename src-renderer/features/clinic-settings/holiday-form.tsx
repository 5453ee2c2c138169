import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClosureEntry, Impact } from '#domain/api/availability-api.ts'
import { parseHolidays } from '#domain/settings/parse-holidays.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ClinicApi, Closing } from '#renderer/server-api/clinic-api.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import form from '#renderer/ui/record-form/record-form.module.css'

type FormProps = {
  readonly clinic: Clinic
  readonly api: ClinicApi
  readonly today: LocalDay
  readonly places: ReadonlyMap<string, string>
  readonly onClose: () => void
}

/** One day off, or a pasted list of them; before anything is closed it says which booked visits fall on these days. */
export function HolidayForm({ clinic, api, today, places, onClose }: FormProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const closing = useClosing({ api, today, onClose })
  const { entry, setEntry, text, setText, place, setPlace, seen, problem, parsed, isList, isReady, change } = closing
  return (
    <form
      className={form.form}
      onSubmit={(event) => void closing.preview(event)}
      aria-label={t('settings.holidays.add')}
    >
      <h3 className={form.title}>{t('settings.holidays.add')}</h3>
      <TextInput
        label={t('settings.holidays.name')}
        autoFocus
        maxLength={120}
        disabled={isList}
        value={entry.name}
        onChange={({ currentTarget: { value: name } }) => change(() => setEntry({ ...entry, name }))}
      />
      <Days entry={entry} isDisabled={isList} onEntry={(next) => change(() => setEntry(next))} />
      <Textarea
        label={t('settings.holidays.list')}
        description={t('settings.holidays.list-about')}
        rows={4}
        value={text}
        error={parsed.badLines.length > 0 && t('settings.holidays.bad-lines', { lines: parsed.badLines.join(', ') })}
        onChange={({ currentTarget: { value } }) => change(() => setText(value))}
      />
      <Select
        label={t('settings.place')}
        data={[
          { value: '', label: t('settings.holidays.everywhere') },
          ...[...places].map(([value, label]) => ({ value, label })),
        ]}
        value={place ?? ''}
        onChange={(value) => change(() => setPlace(value || null))}
      />
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div role="status">{seen && <ImpactList clinic={clinic} impact={seen.impact} />}</div>
      <div className={form.steps}>
        {seen ? (
          <Button variant="filled" onClick={() => void closing.close()}>
            {t('settings.holidays.close', { count: seen.closing.entries.length })}
          </Button>
        ) : (
          <Button type="submit" variant="filled" disabled={!isReady}>
            {t('settings.holidays.look')}
          </Button>
        )}
        <Button onClick={onClose}>{t('settings.back')}</Button>
      </div>
    </form>
  )
}

/** What is to be closed, and what that would do: any change of the first makes the second worthless. */
function useClosing({ api, today, onClose }: Pick<FormProps, 'api' | 'today' | 'onClose'>) {
  const [entry, setEntry] = useState<OneDayOff>({ name: '', from: today, to: today })
  const [text, setText] = useState('')
  const [place, setPlace] = useState<string | null>(null)
  const [seen, setSeen] = useState<{ readonly closing: Closing; readonly impact: Impact } | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const parsed = parseHolidays(text)
  const isList = text.trim() !== ''
  const entries: readonly ClosureEntry[] = isList ? parsed.entries : [entry]
  const isReady = isList ? parsed.entries.length > 0 && parsed.badLines.length === 0 : entry.name.trim() !== ''
  const change = (run: () => void): void => {
    run()
    setSeen(null)
    setProblem(null)
  }
  const preview = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const closing: Closing = { locationId: place, entries }
    const answer = await api.previewClosing(closing)
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setSeen({ closing, impact: answer.value })
  }
  const close = async (): Promise<void> => {
    if (!seen) return
    const answer = await api.close(seen.closing, seen.impact.impact)
    if (answer.ok) return onClose()
    setProblem(answer)
    // What it does has changed: it is to be looked at again.
    setSeen(null)
  }
  return {
    entry,
    setEntry,
    text,
    setText,
    place,
    setPlace,
    seen,
    problem,
    parsed,
    isList,
    isReady,
    change,
    preview,
    close,
  }
}

type OneDayOff = { readonly name: string; readonly from: LocalDay; readonly to: LocalDay }
type DaysProps = {
  readonly entry: OneDayOff
  readonly isDisabled: boolean
  readonly onEntry: (entry: OneDayOff) => void
}

function Days({ entry, isDisabled, onEntry }: DaysProps) {
  const { t } = useTranslation()
  const set = (end: 'from' | 'to', value: string): void =>
    onEntry(end === 'from' && entry.to < value ? { ...entry, from: value, to: value } : { ...entry, [end]: value })
  return (['from', 'to'] as const).map((end) => (
    <TextInput
      key={end}
      type="date"
      className={form.narrow}
      label={t(`settings.holidays.${end}`)}
      disabled={isDisabled}
      min={end === 'to' ? entry.from : undefined}
      value={entry[end]}
      onChange={({ currentTarget: { value } }) => set(end, value)}
    />
  ))
}

/** Shown at most; the rest is a number. */
const SHOWN = 12

function ImpactList({ clinic, impact }: { readonly clinic: Clinic; readonly impact: Impact }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const { stranded, visits } = impact
  if (stranded === 0) return <p>{t('settings.holidays.nobody')}</p>
  return (
    <div className={list.warning}>
      <p>{t('settings.holidays.stranded', { count: stranded })}</p>
      <ul>
        {visits.slice(0, SHOWN).map(({ id, date, time, doctorId, patientId }) => (
          <li key={id}>
            {format.day(date)} {time} · <bdi>{clinic.doctorOf(doctorId)?.name}</bdi>
            {lookup(patientId) && (
              <>
                {' · '}
                <bdi>{lookup(patientId)?.name}</bdi>
              </>
            )}
          </li>
        ))}
      </ul>
      {stranded > SHOWN && <p>{t('settings.holidays.more', { count: stranded - Math.min(SHOWN, visits.length) })}</p>}
      <p>{t('settings.holidays.kept')}</p>
    </div>
  )
}
