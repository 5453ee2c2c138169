import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { AccountApi } from '#renderer/server-api/account-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import classes from './own-family.module.css'

type FamilyProps = {
  readonly clinic: Clinic
  readonly accounts: Pick<AccountApi, 'linkPatient'>
  readonly isOffline: boolean
  /** A copy of everything the clinic keeps about one of them. Answers why there is none, or null. */
  readonly onExport: (id: PatientId) => Promise<ApiFailure | null>
  /** Whose records these are has changed. */
  readonly onLinked: () => void
}

/** The people one books for: oneself, and those whom the desk has given a code for. */
export function OwnFamily({ clinic, accounts, isOffline, onExport, onLinked }: FamilyProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'closed' | 'asking' | 'sending' | 'done'>('closed')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const link = async (code: string): Promise<void> => {
    setState('sending')
    const answer = await accounts.linkPatient(code)
    setProblem(answer.ok ? null : answer)
    setState(answer.ok ? 'done' : 'asking')
    if (answer.ok) onLinked()
  }
  const isOpen = state === 'asking' || state === 'sending'
  return (
    <TitledSection title={t('own-family.title')}>
      <ul className={classes.list}>
        {clinic.subject.patientIds.map((id) => (
          <Person key={id} id={id} isOffline={isOffline} onExport={onExport} />
        ))}
      </ul>
      <p role="status">{state === 'done' && t('own-family.linked')}</p>
      {isOpen ? (
        <CodeForm
          isBusy={state === 'sending'}
          problem={problem}
          onSend={(code) => void link(code)}
          onCancel={() => setState('closed')}
        />
      ) : (
        <div className={classes.add}>
          <p className={classes.about}>{t('own-family.about')}</p>
          <Button disabled={isOffline} onClick={() => setState('asking')}>
            {t('own-family.add')}
          </Button>
        </div>
      )}
    </TitledSection>
  )
}

type PersonProps = Pick<FamilyProps, 'isOffline' | 'onExport'> & { readonly id: PatientId }

function Person({ id, isOffline, onExport }: PersonProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(id)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  if (!patient) return null
  return (
    <li className={classes.person}>
      <span className={classes.words}>
        <bdi className={classes.strong}>{patient.name}</bdi>
        {patient.birthDate && <span className={classes.quiet}>{format.birthDate(patient.birthDate)}</span>}
        <ProblemBox>{problem && accountSentence(t, problem)}</ProblemBox>
      </span>
      <Button disabled={isOffline} onClick={() => void onExport(id).then(setProblem)}>
        {t('own-family.export')}
        <span className="visually-hidden"> {patient.name}</span>
      </Button>
    </li>
  )
}

type FormProps = {
  readonly isBusy: boolean
  readonly problem: ApiFailure | null
  readonly onSend: (code: string) => void
  readonly onCancel: () => void
}

function CodeForm({ isBusy, problem, onSend, onCancel }: FormProps) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const aboutCode = fieldError(t, problem, 'code')
  return (
    <StackForm onSubmit={() => onSend(code.trim())} label={t('own-family.add')}>
      <Note>{t('own-family.code-about')}</Note>
      <TextInput
        label={t('own-family.code')}
        required
        withAsterisk={false}
        autoFocus
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        dir="ltr"
        minLength={10}
        maxLength={32}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={aboutCode}
      />
      <ProblemBox>{problem && !aboutCode && accountSentence(t, problem)}</ProblemBox>
      <FormButtons submit={t('own-family.connect')} isBusy={isBusy} cancel={{ label: t('account.cancel'), onCancel }} />
    </StackForm>
  )
}
