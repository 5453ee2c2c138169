import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { doctorSchema } from '#domain/people/people-schemas.ts'
import type { ClinicApi } from '#renderer/server-api/clinic-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import type { FieldSpec } from '#renderer/ui/record-form/field-spec.ts'
import { RecordSection } from './record-section.tsx'

const LANGUAGE_TAGS_HINT = 'en, de'

/** Who can be booked: what everybody sees of them. Their hours are kept where availability is. */
export function DoctorSection({ api }: { readonly api: ClinicApi }) {
  const { t, i18n } = useTranslation()
  const { value: locations } = useLoaded(useCallback(() => api.locations.list(), [api]))
  const placeOf = useMemo(() => new Map(locations?.map(({ id, name }) => [id as string, name])), [locations])
  const languages = useMemo(() => new Intl.DisplayNames([i18n.language], { type: 'language' }), [i18n.language])
  const fields: readonly FieldSpec[] = [
    { name: 'name', label: t('settings.doctors.name'), kind: 'text', required: true },
    { name: 'specialization', label: t('settings.doctors.specialization'), kind: 'text' },
    { name: 'bio', label: t('settings.doctors.bio'), about: t('settings.doctors.bio-about'), kind: 'text', lines: 4 },
    {
      name: 'languages',
      label: t('settings.doctors.languages'),
      about: t('settings.doctors.languages-about'),
      kind: 'words',
      hint: LANGUAGE_TAGS_HINT,
    },
    {
      name: 'locationId',
      label: t('settings.place'),
      kind: 'choice',
      choices: [...placeOf].map(([value, label]) => ({ value, label })),
      none: t('settings.main-place'),
    },
    { name: 'room', label: t('settings.doctors.room'), kind: 'text' },
    {
      name: 'position',
      label: t('settings.position'),
      about: t('settings.doctors.position-about'),
      kind: 'number',
    },
    { name: 'isActive', label: t('settings.doctors.active'), kind: 'switch' },
  ]
  return (
    <RecordSection
      calls={api.doctors}
      about={t('settings.doctors.about')}
      add={t('settings.doctors.add')}
      none={t('settings.doctors.none')}
      columns={[t('settings.doctors.specialization'), t('settings.doctors.languages'), t('settings.place')]}
      cells={(doctor) => [
        doctor.specialization,
        doctor.languages.map((tag) => nameOf(languages, tag)).join(', '),
        doctor.locationId === null ? t('settings.main-place') : placeOf.get(doctor.locationId),
      ]}
      fields={fields}
      bounds={doctorSchema.properties}
      first={FIRST}
    />
  )
}

const FIRST = {
  name: '',
  specialization: '',
  bio: '',
  languages: [],
  locationId: null,
  room: '',
  position: 0,
  isActive: true,
}

/** A tag that is none stands for itself: it was typed by hand. */
function nameOf(languages: Intl.DisplayNames, tag: string): string {
  try {
    return languages.of(tag) ?? tag
  } catch {
    return tag
  }
}
