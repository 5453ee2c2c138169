import { Button, CloseButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import type { outcomeSchema } from '#domain/api/series-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { useSeriesOf } from '#renderer/clinic/use-series-of.ts'
import { useUndoVisits } from '#renderer/clinic/use-undo-visits.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import type { MovePlace } from './judge-move.ts'
import classes from './move-series-panel.module.css'

type MoveSeriesProps = {
  readonly api: Pick<ServerApi, 'call'>
  readonly clinic: Clinic
  readonly visit: Appointment
  readonly place: MovePlace
  /** Moves this visit alone. */
  readonly onOnlyThis: () => void
  readonly onClose: () => void
}

type Outcome = Static<typeof outcomeSchema>

/** A visit of a series was put somewhere else: that one alone, or those after it as well? */
export function MoveSeriesPanel({ api, clinic, visit, place, onOnlyThis, onClose }: MoveSeriesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const series = useSeriesOf(api, clinic, visit)
  const [left, setLeft] = useState<readonly Outcome[]>([])
  const move = useMoveSeries(api, visit, place)
  const moveAll = async (): Promise<void> => {
    const stayed = await move()
    if (stayed === undefined) return
    if (stayed.length === 0) onClose()
    else setLeft(stayed)
  }
  const isAsking = left.length === 0
  useHotkeys([
    { keys: 'Escape', run: onClose },
    ...(isAsking
      ? [
          { keys: '1', run: onOnlyThis },
          { keys: '2', run: () => void moveAll() },
        ]
      : []),
  ])
  return (
    <section className={classes.panel} aria-label={t('series.move-title')}>
      <header className={classes.head}>
        <h2>{t('series.move-title')}</h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
      </header>
      {isAsking ? (
        <>
          <p>
            {t('series.move-about', {
              name: lookup(visit.patientId)?.name ?? '',
              from: format.moment(visit.start),
              to: format.moment(place.start),
              doctor: clinic.doctorOf(place.doctorId)?.name ?? '',
            })}
          </p>
          <div className={classes.buttons}>
            <Button autoFocus data-autofocus rightSection={<KeyHint keys="1" />} onClick={onOnlyThis}>
              {t('series.only-this')}
            </Button>
            <Button rightSection={<KeyHint keys="2" />} onClick={() => void moveAll()}>
              {t('series.with-later', { count: series?.later.length ?? 0 })}
            </Button>
          </div>
        </>
      ) : (
        <Stayed left={left} onClose={onClose} />
      )}
    </section>
  )
}

/** Those that kept their time, with the reason of each. */
function Stayed({ left, onClose }: { readonly left: readonly Outcome[]; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div role="alert">
      <p>{t('series.stayed', { count: left.length })}</p>
      <ul className={classes.stayed}>
        {left.map(({ day, code }) => (
          <li key={day}>
            <time>{format.day(day)}</time> <span>{refusalSentence(t, code ?? '')}</span>
          </li>
        ))}
      </ul>
      <div className={classes.buttons}>
        <Button autoFocus onClick={onClose}>
          {t('panel.close')}
        </Button>
      </div>
    </div>
  )
}

/** @returns what stayed where it was; undefined when nothing moved, which is said */
function useMoveSeries(api: Pick<ServerApi, 'call'>, visit: Appointment, { doctorId, start }: MovePlace) {
  const { t } = useTranslation()
  const failure = useFailure()
  const lookup = usePatientLookup()
  const undoVisits = useUndoVisits(api)
  const { id: appointmentId, seriesId, patientId } = visit
  return async (): Promise<readonly Outcome[] | undefined> => {
    if (seriesId === null) return undefined
    const answer = await createBookingCalls(api).moveSeries(seriesId, { appointmentId, start, doctorId })
    if (!answer.ok) {
      showProblem(failure(answer))
      return undefined
    }
    const moved = answer.value.outcomes.flatMap(({ appointment }) => appointment ?? [])
    const stayed = answer.value.outcomes.filter(({ appointment }) => appointment === null)
    if (moved.length === 0) {
      showProblem(refusalSentence(t, stayed[0]?.code ?? ''))
      return undefined
    }
    const words = { name: lookup(patientId)?.name ?? '', count: moved.length }
    showUndo(t('series.moved', words), t('undo.button'), () => undoVisits(moved))
    return stayed
  }
}
