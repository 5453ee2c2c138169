import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { Platform } from '#renderer/platform/types.ts'
import { createPatientCalls } from '#renderer/server-api/patient-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './patients.module.css'

type CopyProps = {
  readonly api: Pick<ServerApi, 'call'>
  readonly platform: Pick<Platform, 'saveFile'>
  readonly patientId: PatientId
}

/** A copy of everything the clinic holds about the person, for whoever asks for it by right. */
export function DataCopy({ api, platform, patientId }: CopyProps) {
  const { t } = useTranslation()
  const calls = useMemo(() => createPatientCalls(api), [api])
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [isBusy, setIsBusy] = useState(false)
  const save = async (): Promise<void> => {
    setIsBusy(true)
    const answer = await calls.exportData(patientId)
    setIsBusy(false)
    if (!answer.ok) return showProblem(answer.kind === 'offline' ? t('patients.copy-offline') : answer.message)
    // The name of the file names nobody: it lands in a folder of downloads.
    const result = await platform.saveFile({ name: 'personal-data.json', kind: 'json', content: answer.value })
    if (result.outcome === 'error') showProblem(t('error.export-failed', { why: result.reason }))
  }
  return (
    <section className={classes.section} aria-labelledby="patients-copy">
      <h3 id="patients-copy">{t('patients.copy')}</h3>
      <p className={classes.quiet}>{t(isOnline ? 'patients.copy-about' : 'patients.copy-offline')}</p>
      {isOnline && (
        <div>
          <Button onClick={() => void save()} loading={isBusy}>
            {t('patients.save-copy')}
          </Button>
        </div>
      )}
    </section>
  )
}
