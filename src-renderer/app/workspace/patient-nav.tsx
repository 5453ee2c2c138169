import { IconCalendarHeart, IconCalendarPlus, IconStethoscope, IconUser } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './patient-desk.module.css'
import { type PatientView, showPatientScreen, startBooking, usePatientView } from './patient-view.ts'

type Name = 'visits' | 'book' | 'doctors' | 'account'

const ICONS: Record<Name, ComponentType<{ size: number; stroke: number; 'aria-hidden': boolean }>> = {
  visits: IconCalendarHeart,
  book: IconCalendarPlus,
  doctors: IconStethoscope,
  account: IconUser,
}

/** The four places of a patient's app: under the thumb on a phone, under the header on a wide screen. */
export function PatientNav() {
  const { t } = useTranslation()
  const current = usePatientView(({ view }) => nameOf(view))
  const go = (name: Name): void => (name === 'book' ? startBooking() : showPatientScreen({ screen: name }))
  return (
    <nav className={classes.nav} aria-label={t('header.go')}>
      {(Object.keys(ICONS) as Name[]).map((name) => {
        const Icon = ICONS[name]
        return (
          <button
            key={name}
            type="button"
            className={classes.place}
            aria-current={name === current ? 'page' : undefined}
            onClick={() => go(name)}
          >
            <Icon size={22} stroke={1.6} aria-hidden />
            {t(`patient-nav.${name}`)}
          </button>
        )
      })}
    </nav>
  )
}

const nameOf = ({ screen }: PatientView): Name => (screen === 'wait' ? 'book' : screen)
