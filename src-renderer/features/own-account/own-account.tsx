import { useTranslation } from 'react-i18next'
import type { OwnAccountProps } from './account-props.ts'
import { EmailSection } from './email-section.tsx'
import { FactorSection } from './factor-section.tsx'
import classes from './own-account.module.css'
import { PasswordSection } from './password-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TokensSection } from './tokens-section.tsx'

/** What somebody decides about their own account: password, second factor, address, and where they are signed in. */
export function OwnAccount({ children, title, ...props }: OwnAccountProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.page}>
      {title !== undefined && <h1>{title}</h1>}
      {!props.isOnline && (
        <p className={classes.state} role="status">
          {t('account.offline')}
        </p>
      )}
      {children}
      <PasswordSection {...props} />
      <FactorSection {...props} />
      <EmailSection {...props} />
      <SessionsSection {...props} />
      {props.abilities.length > 0 && <TokensSection {...props} />}
    </div>
  )
}
