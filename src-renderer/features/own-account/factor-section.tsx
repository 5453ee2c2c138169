import { Button } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnrolmentAnswer, FactorState } from '#domain/api/factor-schemas.ts'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import { FactorSetUp } from '#renderer/clinic/factor-set-up.tsx'
import { RecoveryCodes } from '#renderer/clinic/recovery-codes.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import type { OwnAccountProps } from './account-props.ts'
import classes from './own-account.module.css'
import { ProofForm } from './proof-form.tsx'

type FactorProps = Pick<OwnAccountProps, 'accounts' | 'isOnline' | 'onSaveCodes'>

/** What is being done about the factor; each step needs what the one before has brought. */
type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'turn-on' | 'turn-off' | 'new-codes' }
  | { readonly kind: 'set-up'; readonly enrolment: EnrolmentAnswer }
  | { readonly kind: 'codes'; readonly codes: readonly string[] }

const NONE: Step = { kind: 'none' }

/** The second factor of the account: on, off, and fresh recovery codes. */
export function FactorSection(props: FactorProps) {
  const { t } = useTranslation()
  const { accounts, isOnline } = props
  const [state, setState] = useState<FactorState | null>(null)
  const [step, setStep] = useState<Step>(NONE)
  const load = useCallback(async (): Promise<void> => {
    const answer = await accounts.factorState()
    if (answer.ok) setState(answer.value)
  }, [accounts])
  useEffect(() => {
    if (isOnline) void load()
  }, [isOnline, load])
  const isIdle = step.kind === 'none' && state !== null
  return (
    <TitledSection
      title={t('factor.name')}
      state={state === null ? t('factor.what') : <Standing state={state} />}
      {...(isIdle &&
        !state.isOn && {
          action: { label: t('factor.turn-on'), onAct: () => setStep({ kind: 'turn-on' }), isOff: !isOnline },
        })}
    >
      {isIdle && state.isOn && (
        <div className={classes.choices}>
          <Button disabled={!isOnline} onClick={() => setStep({ kind: 'new-codes' })}>
            {t('factor.new-codes')}
          </Button>
          {!state.isDemanded && (
            <Button disabled={!isOnline} onClick={() => setStep({ kind: 'turn-off' })}>
              {t('factor.turn-off')}
            </Button>
          )}
        </div>
      )}
      <FactorStep {...props} step={step} onStep={setStep} onDone={() => void load().then(() => setStep(NONE))} />
    </TitledSection>
  )
}

function Standing({ state: { isOn, codesLeft } }: { readonly state: FactorState }) {
  const { t } = useTranslation()
  if (!isOn) return t('factor.is-off')
  return `${t('factor.is-on')} ${t('factor.codes-left', { count: codesLeft })}`
}

type StepProps = FactorProps & {
  readonly step: Step
  readonly onStep: (step: Step) => void
  readonly onDone: () => void
}

function FactorStep({ accounts, onSaveCodes, step, onStep, onDone }: StepProps) {
  const { t } = useTranslation()
  const cancel = { label: t('account.cancel'), onCancel: () => onStep(NONE) }
  switch (step.kind) {
    case 'none':
      return null
    case 'turn-on':
      return (
        <ProofForm
          label={t('factor.turn-on')}
          onSend={async ({ password }) => {
            const answer = await accounts.beginFactor(password)
            if (!answer.ok) return answer
            onStep({ kind: 'set-up', enrolment: answer.value })
            return null
          }}
          cancel={cancel}
        />
      )
    case 'set-up':
      return <SetUp accounts={accounts} enrolment={step.enrolment} onStep={onStep} cancel={cancel} />
    case 'codes':
      return <RecoveryCodes codes={step.codes} onSave={onSaveCodes} onDone={onDone} />
    case 'new-codes':
    case 'turn-off':
      return (
        <ProofForm
          key={step.kind}
          label={t(`factor.${step.kind}`)}
          needsCode
          isDanger={step.kind === 'turn-off'}
          onSend={async ({ password, code }) => {
            if (step.kind === 'new-codes') {
              const answer = await accounts.renewCodes(password, code)
              if (answer.ok) onStep({ kind: 'codes', codes: answer.value.recoveryCodes })
              return answer.ok ? null : answer
            }
            const answer = await accounts.removeFactor(password, code)
            if (answer.ok) onDone()
            return answer.ok ? null : answer
          }}
          cancel={cancel}
        />
      )
  }
}

type SetUpProps = Pick<FactorProps, 'accounts'> & {
  readonly enrolment: EnrolmentAnswer
  readonly onStep: (step: Step) => void
  readonly cancel: { readonly label: string; readonly onCancel: () => void }
}

function SetUp({ accounts, enrolment, onStep, cancel }: SetUpProps) {
  const { t } = useTranslation()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const confirm = async (code: string): Promise<void> => {
    setIsBusy(true)
    const answer = await accounts.confirmFactor(code)
    setIsBusy(false)
    if (answer.ok) onStep({ kind: 'codes', codes: answer.value.recoveryCodes })
    else setProblem(answer)
  }
  return (
    <FactorSetUp
      enrolment={enrolment}
      isBusy={isBusy}
      problem={problem && accountSentence(t, problem)}
      onCode={(code) => void confirm(code)}
      cancel={cancel}
    />
  )
}
