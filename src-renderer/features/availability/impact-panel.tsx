import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Impact } from '#domain/api/availability-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './availability.module.css'
import type { Change } from './use-change.ts'

type PanelProps = { readonly change: Change; readonly onMove: (id: AppointmentId) => void }

/** What the change would do to people who have a visit, before it is made; nothing is called off by it. */
export function ImpactPanel({ change, onMove }: PanelProps) {
  const { t } = useTranslation()
  const { state, decide, close } = change
  const head = useRef<HTMLHeadingElement>(null)
  const { kind } = state
  useEffect(() => {
    if (kind === 'seen' || kind === 'listed' || kind === 'failed') head.current?.focus()
  }, [kind])
  if (state.kind === 'idle' || state.kind === 'asking') return null
  return (
    <section className={classes.impact} aria-label={t('availability.impact')}>
      <h2 ref={head} tabIndex={-1}>
        {titleOf()}
      </h2>
      {state.kind === 'seen' && state.isAgain && <p>{t('availability.changed-meanwhile')}</p>}
      {state.kind === 'seen' && state.impact.stranded > 0 && <p>{t('availability.nothing-cancelled')}</p>}
      {(state.kind === 'seen' || state.kind === 'listed') && (
        <Visits impact={state.impact} isCallList={state.kind === 'listed'} onMove={onMove} />
      )}
      <div className={classes.row}>
        {state.kind === 'seen' && (
          <Button variant="filled" onClick={() => void decide('keep')}>
            {t(state.impact.stranded > 0 ? 'availability.keep' : 'availability.save')}
          </Button>
        )}
        {state.kind === 'seen' && state.impact.stranded > 0 && (
          <Button onClick={() => void decide('apply-and-list')}>{t('availability.save-and-call')}</Button>
        )}
        <Button variant="subtle" onClick={close}>
          {t(state.kind === 'seen' ? 'availability.back' : 'panel.close')}
        </Button>
      </div>
    </section>
  )

  function titleOf(): string {
    if (state.kind === 'failed') return state.message
    if (state.kind === 'listed') return t('availability.to-call', { count: state.impact.stranded })
    if (state.kind !== 'seen') return ''
    return state.impact.stranded === 0
      ? t('availability.nobody-outside')
      : t('availability.outside', { count: state.impact.stranded })
  }
}

type VisitsProps = {
  readonly impact: Impact
  readonly isCallList: boolean
  readonly onMove: (id: AppointmentId) => void
}

function Visits({ impact, isCallList, onMove }: VisitsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  if (impact.visits.length === 0) return null
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key (WCAG 2.1.1) */}
      <ul className={classes.visits} aria-label={t('availability.outside-list')} tabIndex={0}>
        {impact.visits.map((visit) => {
          const patient = lookup(visit.patientId)
          return (
            <li key={visit.id}>
              <span className="tabular">
                {format.day(visit.date)} <bdi>{visit.time}</bdi>
              </span>
              <bdi>{patient?.name ?? '…'}</bdi>
              {isCallList && <bdi className="tabular">{patient?.phone || t('availability.no-phone')}</bdi>}
              {isCallList && (
                <Button variant="subtle" size="compact-sm" onClick={() => onMove(visit.id)}>
                  {t('availability.move')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {impact.unlisted > 0 && <p>{t('availability.unlisted', { count: impact.unlisted })}</p>}
    </>
  )
}
