import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportJob } from '#domain/api/import-api.ts'
import type { Platform } from '#renderer/platform/types.ts'
import form from '#renderer/ui/record-form/record-form.module.css'
import { LeftOut } from './left-out.tsx'

type OutcomeProps = {
  readonly platform: Pick<Platform, 'saveFile'>
  readonly job: ImportJob
  readonly onAnother: () => void
}

/** What was written, what was there before, and what the rules of booking refused. */
export function Outcome({ platform, job, onAnother }: OutcomeProps) {
  const { t } = useTranslation()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const { state, outcome } = job
  return (
    <section className={form.form} aria-labelledby="import-outcome">
      <h3 id="import-outcome" ref={title} tabIndex={-1} className={form.title}>
        {t(`settings.import.ends.${state as 'done' | 'stopped' | 'failed'}`)}
      </h3>
      {outcome && (
        <>
          <ul className={form.facts}>
            <li>{t('settings.import.added', { count: outcome.added })}</li>
            <li>{t('settings.import.present', { count: outcome.present })}</li>
          </ul>
          <LeftOut
            platform={platform}
            title={t('settings.import.refused', { count: outcome.refused.length })}
            rows={outcome.refused}
          />
        </>
      )}
      {state !== 'done' && <p>{t('settings.import.again')}</p>}
      <div className={form.steps}>
        <Button onClick={onAnother}>{t('settings.import.another')}</Button>
      </div>
    </section>
  )
}
