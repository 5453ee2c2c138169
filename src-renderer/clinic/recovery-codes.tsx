import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '#renderer/ui/parts/stack-form.tsx'
import classes from './factor.module.css'

type CodesProps = {
  readonly codes: readonly string[]
  readonly onSave: (text: string) => Promise<unknown>
  readonly onDone: () => void
}

/** The codes that open the account without the app: shown this once, to be kept somewhere else. */
export function RecoveryCodes({ codes, onSave, onDone }: CodesProps) {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  const text = codes.join('\n')
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
  }
  return (
    <section className={classes.codes} aria-label={t('factor.recovery')}>
      <h2 className={classes.title}>{t('factor.recovery')}</h2>
      <Note>{t('factor.recovery-about')}</Note>
      <ul className={classes.list}>
        {codes.map((code) => (
          <li key={code}>
            <bdi>{code}</bdi>
          </li>
        ))}
      </ul>
      <div className={classes.buttons}>
        <Button onClick={() => void copy()}>{t(isCopied ? 'factor.copied' : 'factor.copy')}</Button>
        <Button onClick={() => void onSave(text)}>{t('factor.save')}</Button>
        <Button variant="filled" onClick={onDone}>
          {t('factor.noted')}
        </Button>
      </div>
      <span className="visually-hidden" role="status">
        {isCopied && t('factor.copied')}
      </span>
    </section>
  )
}
