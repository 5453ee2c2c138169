import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnrolmentAnswer } from '#domain/api/factor-schemas.ts'
import { QrCode } from '#renderer/ui/parts/qr-code.tsx'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import classes from './factor.module.css'

type SetUpProps = {
  readonly enrolment: EnrolmentAnswer
  readonly isBusy: boolean
  readonly problem: string | null
  readonly onCode: (code: string) => void
  readonly cancel: { readonly label: string; readonly onCancel: () => void }
}

/** Sets an authenticator app up: its code is read from the screen or typed, and its first code proves it. */
export function FactorSetUp({ enrolment, isBusy, problem, onCode, cancel }: SetUpProps) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  return (
    <StackForm onSubmit={() => onCode(code)} label={t('factor.set-up')}>
      <h2 className={classes.title}>{t('factor.set-up')}</h2>
      <Note>{t('factor.scan')}</Note>
      <QrCode text={enrolment.uri} label={t('factor.qr')} />
      <div>
        <Note>{t('factor.type')}</Note>
        <p className={classes.secret}>
          <bdi>{inGroups(enrolment.secret)}</bdi>
        </p>
      </div>
      <CodeInput value={code} onValue={setCode} isNumeric />
      <ProblemBox>{problem}</ProblemBox>
      <FormButtons submit={t('factor.confirm')} isBusy={isBusy} cancel={cancel} />
    </StackForm>
  )
}

type CodeProps = {
  readonly value: string
  readonly onValue: (value: string) => void
  /** Only the app's digits will do, no recovery code. */
  readonly isNumeric?: boolean
  readonly autoFocus?: boolean
}

/** The field for a code; phones offer the one they have, and show digits to type where only digits will do. */
export function CodeInput({ value, onValue, isNumeric = false, autoFocus = false }: CodeProps) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('factor.code')}
      inputMode={isNumeric ? 'numeric' : 'text'}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      autoFocus={autoFocus}
      dir="ltr"
      minLength={6}
      maxLength={40}
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  )
}

const inGroups = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')
