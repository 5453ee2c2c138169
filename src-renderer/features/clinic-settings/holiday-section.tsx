import { Button } from '@mantine/core'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClosureAnswer } from '#domain/api/availability-api.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ClinicApi } from '#renderer/server-api/clinic-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { SureButton } from '#renderer/ui/parts/sure-button.tsx'
import { HolidayForm } from './holiday-form.tsx'

type HolidayProps = { readonly clinic: Clinic; readonly api: ClinicApi; readonly today: LocalDay }

/** Days on which the clinic, or one of its places, is closed. */
export function HolidaySection({ clinic, api, today }: HolidayProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const closures = useLoaded(useCallback(() => api.listClosures(), [api]))
  const locations = useLoaded(useCallback(() => api.locations.list(), [api]))
  const [isAdding, setIsAdding] = useState(false)
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const add = useRef<HTMLButtonElement>(null)
  const placeOf = new Map(locations.value?.map(({ id, name }) => [id as string, name]))
  const goOn = () => requestAnimationFrame(() => add.current?.focus())
  const reopen = async ({ id }: ClosureAnswer): Promise<void> => {
    const answer = await api.reopen(id)
    setRefused(answer.ok ? null : answer)
    await closures.reload()
    goOn()
  }
  const close = (): void => {
    setIsAdding(false)
    void closures.reload()
    goOn()
  }
  if (isAdding) {
    return <HolidayForm clinic={clinic} api={api} today={today} places={placeOf} onClose={close} />
  }
  const problem = refused ?? closures.problem
  const rows = closures.value?.closures
  return (
    <>
      <div className={list.bar}>
        <p className={list.about}>{t('settings.holidays.about')}</p>
        <Button ref={add} variant="filled" onClick={() => setIsAdding(true)}>
          {t('settings.holidays.add')}
        </Button>
      </div>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      {rows?.length === 0 && <p className={list.quiet}>{t('settings.holidays.none')}</p>}
      {rows && rows.length > 0 && (
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">{t('settings.holidays.name')}</th>
              <th scope="col">{t('settings.holidays.days')}</th>
              <th scope="col">{t('settings.place')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('settings.steps')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((closure) => (
              <Row
                key={closure.id}
                closure={closure}
                place={
                  closure.locationId === null ? t('settings.holidays.everywhere') : placeOf.get(closure.locationId)
                }
                onReopen={() => void reopen(closure)}
              />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

type RowProps = {
  readonly closure: ClosureAnswer
  readonly place: string | undefined
  readonly onReopen: () => void
}

function Row({ closure, place, onReopen }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, from, to, startTime, endTime } = closure
  return (
    <tr>
      <th scope="row">
        <bdi>{name}</bdi>
      </th>
      <td>
        {from === to ? format.longDay(from) : `${format.longDay(from)} – ${format.longDay(to)}`}
        {startTime && endTime && (
          <span className={list.quiet}>
            {' · '}
            <bdi>
              {startTime}–{endTime}
            </bdi>
          </span>
        )}
      </td>
      <td>{place}</td>
      <td data-steps>
        <SureButton
          size="compact-sm"
          variant="subtle"
          isDanger={false}
          label={t('settings.holidays.open')}
          of={name}
          question={t('settings.holidays.sure')}
          yes={t('settings.holidays.open')}
          no={t('settings.holidays.stay-closed')}
          onYes={onReopen}
        />
      </td>
    </tr>
  )
}
