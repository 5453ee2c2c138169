import { useTranslation } from 'react-i18next'
import type { Zone } from '#domain/time/clinic-time.ts'
import classes from './zone-note.module.css'

/** Says whose clock is shown where the device has another one; times are always the clinic's. */
export function ZoneNote({ zone }: { readonly zone: Zone }) {
  const { t } = useTranslation()
  const deviceZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (deviceZone === zone) return null
  return <span className={classes.note}>{t('header.zone', { zone: zone.replaceAll('_', ' ') })}</span>
}
