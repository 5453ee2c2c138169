import { UnstyledButton } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import {
  listSections,
  SETTINGS_GROUPS,
  type SettingsGroup,
  type SettingsSection,
} from '#domain/access/settings-sections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { DoctorSection } from '#renderer/features/clinic-settings/doctor-section.tsx'
import { HolidaySection } from '#renderer/features/clinic-settings/holiday-section.tsx'
import { PlaceSection } from '#renderer/features/clinic-settings/place-section.tsx'
import { PolicySection } from '#renderer/features/clinic-settings/policy-section.tsx'
import { TypeSection } from '#renderer/features/clinic-settings/type-section.tsx'
import { DeviceSection } from '#renderer/features/devices/device-section.tsx'
import { ImportWizard } from '#renderer/features/import-history/import-wizard.tsx'
import { MessageSettings } from '#renderer/features/message-settings/message-settings.tsx'
import { PeopleSection } from '#renderer/features/people/people-section.tsx'
import { RoleSection } from '#renderer/features/roles/role-section.tsx'
import { WebhookSection } from '#renderer/features/webhooks/webhook-section.tsx'
import { createClinicApi } from '#renderer/server-api/clinic-api.ts'
import { createPeopleApi } from '#renderer/server-api/people-api.ts'
import type { Host } from './desk-parts.ts'
import classes from './settings-screen.module.css'
import { showSettings, useView } from './view-state.ts'

type SettingsProps = { readonly clinic: Clinic; readonly host: Host; readonly today: LocalDay }

/** Everything that is decided rather than done: the sections somebody may use at the side, one of them open. */
export function SettingsScreen({ clinic, host, today }: SettingsProps) {
  const { t } = useTranslation()
  const asked = useView((view) => view.section)
  const sections = listSections(clinic.mayEver)
  // Rights may have been taken away while a section was open: then the first of those left is.
  const open = sections.find((section) => section === asked) ?? sections[0]
  if (open === undefined) return <p className={classes.none}>{t('settings.none')}</p>
  return (
    <div className={classes.settings}>
      <nav className={classes.list} aria-label={t('settings.sections-label')}>
        {(Object.keys(SETTINGS_GROUPS) as SettingsGroup[]).map((group) => (
          <Group key={group} group={group} sections={sections} open={open} />
        ))}
      </nav>
      <section className={classes.section} aria-labelledby={HEADING}>
        <h2 id={HEADING} className={classes.heading}>
          {t(`settings.sections.${open}`)}
        </h2>
        <Section section={open} clinic={clinic} host={host} today={today} />
      </section>
    </div>
  )
}

const HEADING = 'settings-section'

type GroupProps = {
  readonly group: SettingsGroup
  readonly sections: readonly SettingsSection[]
  readonly open: SettingsSection
}

function Group({ group, sections, open }: GroupProps) {
  const { t } = useTranslation()
  const own = sections.filter((section) => (SETTINGS_GROUPS[group] as readonly SettingsSection[]).includes(section))
  if (own.length === 0) return null
  return (
    <div className={classes.group}>
      <h2 id={`settings-${group}`}>{t(`settings.groups.${group}`)}</h2>
      <ul aria-labelledby={`settings-${group}`}>
        {own.map((section) => (
          <li key={section}>
            <UnstyledButton
              className={classes.link}
              aria-current={section === open ? 'page' : undefined}
              onClick={() => showSettings(section)}
            >
              {t(`settings.sections.${section}`)}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Section({ section, clinic, host, today }: SettingsProps & { readonly section: SettingsSection }) {
  const api = useMemo(() => createClinicApi(host.api), [host.api])
  const people = useMemo(() => createPeopleApi(host.api), [host.api])
  switch (section) {
    case 'people':
      return <PeopleSection clinic={clinic} api={people} />
    case 'roles':
      return <RoleSection api={people} />
    case 'devices':
      return <DeviceSection api={people} server={host.api} />
    case 'doctors':
      return <DoctorSection api={api} />
    case 'types':
      return <TypeSection api={api} />
    case 'places':
      return <PlaceSection clinic={clinic} api={api} />
    case 'holidays':
      return <HolidaySection clinic={clinic} api={api} today={today} />
    case 'policies':
      return <PolicySection api={api} />
    case 'import':
      return <ImportWizard api={host.api} platform={host.platform} />
    case 'webhooks':
      return <WebhookSection api={host.api} />
    case 'messages':
      return <MessageSettings clinic={clinic} api={host.api} />
  }
}
