import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeInput, FactorSetUp } from '#renderer/clinic/factor-set-up.tsx'
import { FormButtons, Note, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import classes from './log-in-screen.module.css'
import type { LogInView } from './log-in-view.ts'
import { Problem } from './problem.tsx'

/** The second step of a log-in: a code, or setting up the app that makes them. */
export function CodeForm({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const { isBusy, problem, onCode, onStartOver } = view
  const cancel = { label: t('log-in.back'), onCancel: onStartOver }
  const enrolment = view.secondFactor?.enrolment
  if (enrolment) {
    return (
      <>
        <Note>{t('factor.demanded')}</Note>
        <FactorSetUp
          enrolment={enrolment}
          isBusy={isBusy}
          problem={problem && t(`log-in.problems.${problem}`)}
          onCode={onCode}
          cancel={cancel}
        />
      </>
    )
  }
  return (
    <StackForm onSubmit={() => onCode(code)} label={t('factor.title')}>
      <h2 className={classes.title}>{t('factor.title')}</h2>
      <Note>{t('factor.about')}</Note>
      <CodeInput value={code} onValue={setCode} autoFocus />
      <Problem view={view} />
      <FormButtons submit={t('log-in.button')} isBusy={isBusy} cancel={cancel} />
    </StackForm>
  )
}
