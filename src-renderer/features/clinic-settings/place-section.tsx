import { Tabs } from '@mantine/core'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { equipmentViewSchema, locationViewSchema } from '#domain/api/clinic-api.ts'
import { roomSchema } from '#domain/clinic/room-schema.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicApi } from '#renderer/server-api/clinic-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import type { FieldSpec } from '#renderer/ui/record-form/field-spec.ts'
import { RecordSection } from './record-section.tsx'

type PlaceProps = { readonly clinic: Clinic; readonly api: ClinicApi }

/** Where visits take place, and what they use there. */
export function PlaceSection({ clinic, api }: PlaceProps) {
  const { t } = useTranslation()
  const places = useLoaded(useCallback(() => api.locations.list(), [api]))
  const names = new Map(places.value?.map(({ id, name }) => [id as string, name]))
  return (
    <Tabs defaultValue="rooms" keepMounted={false}>
      <Tabs.List aria-label={t('settings.sections.places')}>
        <Tabs.Tab value="rooms">{t('settings.rooms.title')}</Tabs.Tab>
        <Tabs.Tab value="equipment">{t('settings.equipment.title')}</Tabs.Tab>
        <Tabs.Tab value="locations">{t('settings.locations.title')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="rooms">
        <Rooms clinic={clinic} api={api} places={names} />
      </Tabs.Panel>
      <Tabs.Panel value="equipment">
        <Equipment clinic={clinic} api={api} places={names} />
      </Tabs.Panel>
      <Tabs.Panel value="locations">
        <Locations clinic={clinic} api={api} onSaved={() => void places.reload()} />
      </Tabs.Panel>
    </Tabs>
  )
}

type OfPlaceProps = PlaceProps & { readonly places: ReadonlyMap<string, string> }

/** The fields of what stands in a place and can be used by so many at once. */
function useFields(places: ReadonlyMap<string, string>, unit: string): readonly FieldSpec[] {
  const { t } = useTranslation()
  return [
    { name: 'name', label: t('settings.name'), kind: 'text', required: true },
    {
      name: 'locationId',
      label: t('settings.place'),
      kind: 'choice',
      choices: [...places].map(([value, label]) => ({ value, label })),
      none: t('settings.main-place'),
    },
    {
      name: 'capacity',
      label: t('settings.capacity'),
      about: t('settings.capacity-about'),
      kind: 'number',
      unit,
    },
    { name: 'isActive', label: t('settings.in-use'), kind: 'switch' },
  ]
}

function Rooms({ clinic, api, places }: OfPlaceProps) {
  const { t } = useTranslation()
  const fields = useFields(places, t('settings.units.visits'))
  const position: FieldSpec = {
    name: 'position',
    label: t('settings.position'),
    about: t('settings.rooms.position-about'),
    kind: 'number',
  }
  return (
    <RecordSection
      calls={api.rooms}
      mayChange={clinic.mayEver('manage-rooms')}
      about={t('settings.rooms.about')}
      add={t('settings.rooms.add')}
      none={t('settings.rooms.none')}
      columns={[t('settings.place'), t('settings.capacity')]}
      cells={({ locationId, capacity }) => [
        locationId === null ? t('settings.main-place') : places.get(locationId),
        capacity,
      ]}
      fields={[...fields.slice(0, 3), position, ...fields.slice(3)]}
      bounds={roomSchema.properties}
      first={{ name: '', locationId: null, capacity: 1, position: 0, isActive: true }}
    />
  )
}

function Equipment({ clinic, api, places }: OfPlaceProps) {
  const { t } = useTranslation()
  return (
    <RecordSection
      calls={api.equipment}
      mayChange={clinic.mayEver('manage-rooms')}
      about={t('settings.equipment.about')}
      add={t('settings.equipment.add')}
      none={t('settings.equipment.none')}
      columns={[t('settings.place'), t('settings.capacity')]}
      cells={({ locationId, capacity }) => [
        locationId === null ? t('settings.main-place') : places.get(locationId),
        capacity,
      ]}
      fields={useFields(places, t('settings.units.pieces'))}
      bounds={equipmentViewSchema.properties}
      first={{ name: '', locationId: null, capacity: 1, isActive: true }}
    />
  )
}

type LocationProps = PlaceProps & { readonly onSaved: () => void }

function Locations({ clinic, api, onSaved }: LocationProps) {
  const { t } = useTranslation()
  const fields: readonly FieldSpec[] = [
    { name: 'name', label: t('settings.name'), kind: 'text', required: true },
    { name: 'address', label: t('settings.locations.address'), kind: 'text', lines: 3 },
    {
      name: 'zone',
      label: t('settings.locations.zone'),
      about: t('settings.locations.zone-about', { zone: clinic.zone }),
      kind: 'choice',
      choices: ZONES.map((zone) => ({ value: zone, label: zone })),
      none: t('settings.locations.zone-of-clinic'),
    },
  ]
  return (
    <RecordSection
      calls={api.locations}
      mayChange={clinic.mayEver('manage-clinic')}
      about={t('settings.locations.about')}
      add={t('settings.locations.add')}
      none={t('settings.locations.none')}
      columns={[t('settings.locations.address'), t('settings.locations.zone')]}
      cells={({ address, zone }) => [address, zone ?? clinic.zone]}
      fields={fields}
      onlyNew={ONLY_NEW}
      bounds={locationViewSchema.properties}
      first={{ name: '', address: '', zone: null }}
      onSaved={onSaved}
    />
  )
}

const ONLY_NEW = ['zone']
const ZONES = Intl.supportedValuesOf('timeZone')
