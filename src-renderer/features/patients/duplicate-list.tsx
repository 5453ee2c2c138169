import { Button } from '@mantine/core'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LikelyDuplicate } from '#domain/api/account-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { createPatientCalls } from '#renderer/server-api/patient-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './patients.module.css'

type DuplicateProps = { readonly api: Pick<ServerApi, 'call'>; readonly onPatient: (id: PatientId) => void }

/** Pairs of records that may be one person, to be looked at and settled. */
export function DuplicateList({ api, onPatient }: DuplicateProps) {
  const { t } = useTranslation()
  const calls = useMemo(() => createPatientCalls(api), [api])
  const load = useCallback(async () => {
    const answer = await calls.duplicates()
    return answer.ok ? ({ ok: true, value: { rows: answer.value.duplicates, nextCursor: null } } as const) : answer
  }, [calls])
  const { rows, isBusy, problem, replace } = usePages<LikelyDuplicate>(load)
  const settle = async ({ patientId, otherId }: LikelyDuplicate): Promise<void> => {
    const answer = await calls.settleDuplicate({ patientId, otherId })
    if (!answer.ok) return showProblem(answer.kind === 'offline' ? t('patients.list-offline') : answer.message)
    replace((one) => one.patientId === patientId && one.otherId === otherId)
  }
  return (
    <section aria-labelledby="patients-duplicates">
      <h2 id="patients-duplicates">{t('patients.duplicates')}</h2>
      <p className={classes.quiet}>{t('patients.duplicates-about')}</p>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem.kind === 'offline' ? t('patients.list-offline') : problem.message}
        </p>
      )}
      {!isBusy && !problem && rows.length === 0 && <p>{t('patients.no-duplicates')}</p>}
      <ul className={classes.pairs}>
        {rows.map((pair) => (
          <Pair
            key={pair.patientId + pair.otherId}
            pair={pair}
            onPatient={onPatient}
            onSettle={() => void settle(pair)}
          />
        ))}
      </ul>
    </section>
  )
}

type PairProps = {
  readonly pair: LikelyDuplicate
  readonly onPatient: (id: PatientId) => void
  readonly onSettle: () => void
}

function Pair({ pair, onPatient, onSettle }: PairProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { patientId, patientName, otherId, otherName, birthDate } = pair
  return (
    <li className={classes.pair}>
      <div className={classes.actions}>
        <Button variant="subtle" onClick={() => onPatient(patientId)}>
          <bdi>{patientName}</bdi>
        </Button>
        <Button variant="subtle" onClick={() => onPatient(otherId)}>
          <bdi>{otherName}</bdi>
        </Button>
        {birthDate && <span className={classes.quiet}>{format.birthDate(birthDate)}</span>}
      </div>
      <Button onClick={onSettle}>{t('patients.settle')}</Button>
    </li>
  )
}
