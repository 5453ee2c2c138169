import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportJob } from '#domain/api/import-api.ts'
import type { Platform } from '#renderer/platform/types.ts'
import { createImportCalls } from '#renderer/server-api/import-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { ChooseFile } from './choose-file.tsx'
import { Outcome } from './outcome.tsx'
import { PlanView } from './plan-view.tsx'
import { Running } from './running.tsx'

type WizardProps = { readonly api: Pick<ServerApi, 'call'>; readonly platform: Pick<Platform, 'saveFile'> }

/** Past visits from a file: chosen, looked at before anything is written, then written while one can watch and stop it. */
export function ImportWizard({ api, platform }: WizardProps) {
  const { t } = useTranslation()
  const calls = useMemo(() => createImportCalls(api), [api])
  const [job, setJob] = useState<ImportJob | null>(null)
  return (
    <>
      <p className={list.about}>{t('settings.import.about')}</p>
      {job === null && <ChooseFile calls={calls} onPlanned={setJob} />}
      {job?.state === 'planned' && (
        <PlanView calls={calls} platform={platform} job={job} onJob={setJob} onAnother={() => setJob(null)} />
      )}
      {job?.state === 'running' && <Running calls={calls} job={job} onJob={setJob} />}
      {job && ['done', 'stopped', 'failed'].includes(job.state) && (
        <Outcome platform={platform} job={job} onAnother={() => setJob(null)} />
      )}
    </>
  )
}
