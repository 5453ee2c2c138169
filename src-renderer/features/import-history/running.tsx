import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportJob } from '#domain/api/import-api.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ImportCalls } from '#renderer/server-api/import-calls.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import form from '#renderer/ui/record-form/record-form.module.css'

const LOOK_EVERY_MS = 700

type RunningProps = {
  readonly calls: ImportCalls
  readonly job: ImportJob
  readonly onJob: (job: ImportJob) => void
}

/** How far the writing is. Whoever leaves the page does not stop it. */
export function Running({ calls, job, onJob }: RunningProps) {
  const { t, i18n } = useTranslation()
  const words = useFailure()
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const { id, done, total } = job
  useEffect(() => {
    let isOver = false
    const look = async (): Promise<void> => {
      const answer = await calls.show(id)
      if (isOver) return
      setProblem(answer.ok ? null : answer)
      if (answer.ok) onJob(answer.value.import)
    }
    const timer = setInterval(() => void look(), LOOK_EVERY_MS)
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [calls, id, onJob])
  const stop = async (): Promise<void> => {
    const answer = await calls.stop(id)
    if (answer.ok) onJob(answer.value.import)
    else setProblem(answer)
  }
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <section className={form.form} aria-labelledby="import-running">
      <h3 id="import-running" className={form.title}>
        {t('settings.import.running')}
      </h3>
      <progress className={form.progress} aria-labelledby="import-running" value={done} max={Math.max(total, 1)} />
      <p className="tabular">
        {t('settings.import.so-far', { done: number.format(done), total: number.format(total) })}
      </p>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div className={form.steps}>
        <Button onClick={() => void stop()}>{t('settings.import.stop')}</Button>
        <span className={list.quiet}>{t('settings.import.stop-about')}</span>
      </div>
    </section>
  )
}
