import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import type { ClinicApi } from '#renderer/server-api/clinic-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import type { Choice, FieldSpec } from '#renderer/ui/record-form/field-spec.ts'
import { RecordSection } from './record-section.tsx'

/** What visits are for: their length, who offers them, and how patients may book them. */
export function TypeSection({ api }: { readonly api: ClinicApi }) {
  const { t } = useTranslation()
  const { value: doctors } = useLoaded(useCallback(() => api.doctors.list(), [api]))
  const fields = useTypeFields(api, (doctors ?? []).filter(({ isActive }) => isActive).map(toChoice))
  const nameOf = new Map(doctors?.map(({ id, name }) => [id, name]))
  return (
    <RecordSection
      calls={api.types}
      about={t('settings.types.about')}
      add={t('settings.types.add')}
      none={t('settings.types.none')}
      columns={[
        t('settings.types.code'),
        t('settings.types.duration'),
        t('settings.types.doctors'),
        t('settings.types.online'),
      ]}
      cells={(type) => [
        type.code,
        t('minutes', { count: type.durationMinutes }),
        type.doctorIds.length === 0
          ? t('settings.types.all-doctors')
          : type.doctorIds.map((id) => nameOf.get(id) ?? '…').join(', '),
        t(type.isOnline ? 'settings.yes' : 'settings.no'),
      ]}
      fields={fields}
      bounds={appointmentTypeSchema.properties}
      first={FIRST}
    />
  )
}

const toChoice = ({ id, name }: { readonly id: string; readonly name: string }): Choice => ({ value: id, label: name })

const FIRST = {
  code: '',
  name: '',
  durationMinutes: 15,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  noticeMinutes: 0,
  horizonDays: 365,
  doctorIds: [],
  isOnline: true,
  isActive: true,
  capacity: 1,
  roomIds: [],
  equipmentIds: [],
  changeCutoffMinutes: 0,
  patientLimit: 0,
}

function useTypeFields(api: ClinicApi, doctors: readonly Choice[]): readonly FieldSpec[] {
  const { t } = useTranslation()
  const { value: rooms } = useLoaded(useCallback(() => api.rooms.list(), [api]))
  const { value: equipment } = useLoaded(useCallback(() => api.equipment.list(), [api]))
  const minutes = t('settings.units.minutes')
  return [
    { name: 'name', label: t('settings.types.name'), kind: 'text', required: true },
    {
      name: 'code',
      label: t('settings.types.code'),
      about: t('settings.types.code-about'),
      kind: 'text',
      required: true,
    },
    { name: 'durationMinutes', label: t('settings.types.duration'), kind: 'number', unit: minutes, required: true },
    {
      name: 'bufferBeforeMinutes',
      label: t('settings.types.before'),
      about: t('settings.types.buffer-about'),
      kind: 'number',
      unit: minutes,
    },
    { name: 'bufferAfterMinutes', label: t('settings.types.after'), kind: 'number', unit: minutes },
    {
      name: 'doctorIds',
      label: t('settings.types.doctors'),
      kind: 'many',
      choices: doctors,
      none: t('settings.types.all-doctors'),
    },
    {
      name: 'roomIds',
      label: t('settings.types.rooms'),
      kind: 'many',
      choices: (rooms ?? []).filter(({ isActive }) => isActive).map(toChoice),
      none: t('settings.types.no-room'),
    },
    {
      name: 'equipmentIds',
      label: t('settings.types.equipment'),
      kind: 'many',
      choices: (equipment ?? []).filter(({ isActive }) => isActive).map(toChoice),
      none: t('settings.types.no-equipment'),
    },
    {
      name: 'capacity',
      label: t('settings.types.capacity'),
      about: t('settings.types.capacity-about'),
      kind: 'number',
      unit: t('settings.units.patients'),
    },
    {
      name: 'isOnline',
      label: t('settings.types.online-long'),
      kind: 'switch',
      heading: t('settings.types.by-patients'),
    },
    {
      name: 'noticeMinutes',
      label: t('settings.types.notice'),
      about: t('settings.types.notice-about'),
      kind: 'number',
      unit: minutes,
    },
    { name: 'horizonDays', label: t('settings.types.horizon'), kind: 'number', unit: t('settings.units.days') },
    {
      name: 'changeCutoffMinutes',
      label: t('settings.types.cutoff'),
      about: t('settings.types.cutoff-about'),
      kind: 'number',
      unit: minutes,
    },
    {
      name: 'patientLimit',
      label: t('settings.types.limit'),
      about: t('settings.no-limit-about'),
      kind: 'number',
      unit: t('settings.units.visits'),
    },
    { name: 'isActive', label: t('settings.types.active'), kind: 'switch' },
  ]
}
