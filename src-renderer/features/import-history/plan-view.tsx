import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportJob } from '#domain/api/import-api.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ImportCalls } from '#renderer/server-api/import-calls.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import form from '#renderer/ui/record-form/record-form.module.css'
import { LeftOut } from './left-out.tsx'

type PlanProps = {
  readonly calls: ImportCalls
  readonly platform: Pick<Platform, 'saveFile'>
  readonly job: ImportJob
  readonly onJob: (job: ImportJob) => void
  readonly onAnother: () => void
}

/** What the file comes to, before anything is written. */
export function PlanView({ calls, platform, job, onJob, onAnother }: PlanProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const title = useRef<HTMLHeadingElement>(null)
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  useEffect(() => title.current?.focus(), [])
  const { visits, missed, patients, doctors, locations } = job.counts
  const run = async (): Promise<void> => {
    const answer = await calls.run(job.id)
    if (answer.ok) onJob(answer.value.import)
    else setRefused(answer)
  }
  return (
    <section className={form.form} aria-labelledby="import-plan">
      <h3 id="import-plan" ref={title} tabIndex={-1} className={form.title}>
        {t('settings.import.plan')}
      </h3>
      <ul className={form.facts}>
        <li>{t('settings.import.visits', { count: visits })}</li>
        <li>{t('settings.import.missed', { count: missed })}</li>
        <li>{t('settings.import.patients', { count: patients })}</li>
        <li>{t('settings.import.doctors', { count: doctors })}</li>
        <li>{t('settings.import.places', { count: locations })}</li>
      </ul>
      <LeftOut
        platform={platform}
        title={t('settings.import.left-out', { count: job.problemCount })}
        rows={job.problems}
      />
      <p className={list.quiet}>{t('settings.import.dry')}</p>
      <div role="alert">{refused && <p className={list.problem}>{words(refused)}</p>}</div>
      <div className={form.steps}>
        <Button variant="filled" disabled={visits === 0} onClick={() => void run()}>
          {t('settings.import.run')}
        </Button>
        <Button onClick={onAnother}>{t('settings.import.another')}</Button>
      </div>
    </section>
  )
}
