import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import { CodeInput } from '#renderer/clinic/factor-set-up.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { FormButtons, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'

type ProofProps = {
  readonly label: string
  /** A code of the second factor is asked for too. */
  readonly needsCode?: boolean
  readonly isDanger?: boolean
  /** Answers why it was refused, or null. */
  readonly onSend: (proof: { readonly password: string; readonly code: string }) => Promise<ApiFailure | null>
  readonly cancel: { readonly label: string; readonly onCancel: () => void }
}

/** The password again, before something of weight is changed. */
export function ProofForm({ label, needsCode = false, isDanger = false, onSend, cancel }: ProofProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const aboutPassword = fieldError(t, problem, 'password')
  const send = async (): Promise<void> => {
    setIsBusy(true)
    const refused = await onSend({ password, code })
    if (refused) setProblem(refused)
    setIsBusy(false)
  }
  return (
    <StackForm onSubmit={send} label={label}>
      <PasswordInput
        label={t('account.current-password')}
        required
        withAsterisk={false}
        autoFocus
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={aboutPassword}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      {needsCode && <CodeInput value={code} onValue={setCode} />}
      <ProblemBox>{problem && !aboutPassword && accountSentence(t, problem)}</ProblemBox>
      <FormButtons submit={label} isBusy={isBusy} isDanger={isDanger} cancel={cancel} />
    </StackForm>
  )
}
