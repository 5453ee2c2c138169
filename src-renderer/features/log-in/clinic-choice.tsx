import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import type { LogInView } from './log-in-view.ts'

/** A person of several clinics says where they work now. */
export function ClinicChoice({ view }: { readonly view: LogInView }) {
  const { t } = useTranslation()
  return (
    <section className={classes.form} aria-label={t('log-in.which-clinic')}>
      <h2 className={classes.title}>{t('log-in.which-clinic')}</h2>
      {view.clinics.map(({ id, name }) => (
        <Button key={id} size="sm" fullWidth disabled={view.isBusy} onClick={() => view.onClinic(id)}>
          <bdi>{name}</bdi>
        </Button>
      ))}
      <button type="button" className={classes.link} onClick={view.onStartOver}>
        {t('log-in.back')}
      </button>
    </section>
  )
}
