import { useTranslation } from 'react-i18next'
import type { Look } from './look.ts'
import classes from './status-badge.module.css'

/** The status in words, with the hue its card has. */
export function StatusBadge({ look }: { readonly look: Look }) {
  const { t } = useTranslation()
  return (
    <span className={classes.badge} data-look={look}>
      {t(`status.${look}`)}
    </span>
  )
}
