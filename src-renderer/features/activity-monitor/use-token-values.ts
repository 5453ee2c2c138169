import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AUDIT_DOORS } from '#domain/access/via.ts'
import type { ActivityEntry } from '#domain/api/activity-api.ts'
import type { Token, TokenKey } from '#domain/settings/activity-tokens.ts'
import { addDays, isLocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import { usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'

type Value = Pick<Token, 'value' | 'label'>
type Asked = {
  readonly clinic: Clinic
  readonly people: PeopleApi
  readonly seen: readonly ActivityEntry[]
  readonly key: TokenKey | null
  readonly rest: string
}

const MOST = 8

/** What is offered behind a key: people and devices, patients, actions, ways, days. */
export function useTokenValues({ clinic, people, seen, key, rest }: Asked): readonly Value[] {
  const { i18n } = useTranslation()
  const persons = usePersons({ clinic, people, seen, key, rest })
  const devices = useDevices({ clinic, people, seen, key })
  const patients = usePatientSearch(key === 'patient' ? rest : '', MOST)
  const days = useDays(clinic, rest)
  const actions = useMemo(() => {
    const codes = i18n.getResource('en', 'translation', 'activity.actions') as Readonly<Record<string, string>>
    return Object.keys(codes).map((value) => ({ value, label: wordOf(i18n, 'activity.actions', value) }))
  }, [i18n])
  const fitting = (values: readonly Value[]): readonly Value[] =>
    values.filter(({ label }) => label.toLowerCase().includes(rest.toLowerCase())).slice(0, MOST)
  switch (key) {
    case 'who':
      return fitting(persons)
    case 'patient':
      return patients.map(({ id, name }) => ({ value: id, label: name }))
    case 'action':
      return fitting(actions)
    case 'desk':
      return fitting(devices)
    case 'via':
      return fitting(AUDIT_DOORS.map((value) => ({ value, label: wordOf(i18n, 'activity.doors', value) })))
    case 'from':
    case 'to':
      return days
    default:
      return []
  }
}

/** People by name where accounts may be looked at; else those whose names the log has told. */
function usePersons({ clinic, people, seen, key, rest }: Asked): readonly Value[] {
  const search = key === 'who' && clinic.mayEver('manage-users') ? rest : ''
  const { value } = useLoaded(
    useCallback(
      async () =>
        search === ''
          ? ({ ok: true, value: { users: [], nextCursor: null } } as const)
          : people.listUsers({ search, limit: String(MOST) }),
      [people, search],
    ),
  )
  const found = (value?.users ?? []).map(({ id, name }) => ({ value: id as string, label: name }))
  const told = seen.flatMap(({ userId, userName }) => (userId && userName ? [{ value: userId, label: userName }] : []))
  return unique([...found, ...told])
}

function useDevices({ clinic, people, seen, key }: Omit<Asked, 'rest'>): readonly Value[] {
  const mayList = key === 'desk' && clinic.mayEver('manage-devices')
  const { value } = useLoaded(
    useCallback(
      async () => (mayList ? people.listDevices() : ({ ok: true, value: { devices: [] } } as const)),
      [people, mayList],
    ),
  )
  const known = (value?.devices ?? []).map(({ id, name }) => ({ value: id as string, label: name }))
  const told = seen.flatMap(({ deviceId, deviceName }) =>
    deviceId && deviceName ? [{ value: deviceId, label: deviceName }] : [],
  )
  return unique([...known, ...told]).filter(({ label }) => label !== '')
}

const unique = (values: readonly Value[]): readonly Value[] => [
  ...new Map(values.map((one) => [one.value, one])).values(),
]

/** A day that was typed, or the ones asked for most. */
function useDays({ zone, desk }: Clinic, rest: string): readonly Value[] {
  const format = useFormat()
  const { t } = useTranslation()
  if (rest !== '') return isLocalDay(rest) ? [{ value: rest, label: format.longDay(rest) }] : []
  const today = localDayOf(desk.now(), zone)
  return [
    { value: today, label: t('activity.tokens.today') },
    { value: addDays(today, -1), label: t('activity.tokens.yesterday') },
    { value: addDays(today, -7), label: t('activity.tokens.week-ago') },
  ]
}
