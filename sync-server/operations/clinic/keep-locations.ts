import type { Subject } from '#domain/access/can.ts'
import type { LocationBody, LocationView } from '#domain/api/clinic-api.ts'
import type { LocationId } from '#domain/ids.ts'
import { isZone } from '#domain/time/clinic-time.ts'
import type { Database } from '#server/database/database.ts'
import type { SeenRevision } from '#server/operations/seen-revision.ts'
import { findLocationView, insertLocation, listLocations, updateLocation } from '#server/repositories/clinic-rows.ts'
import { addOwn, type ClinicDeps, changeOwn, type OwnAnswer, refuseOwn } from './change-own.ts'

const LOCATIONS = {
  table: 'locations',
  permission: 'manage-clinic',
  find: ({ tx, clinicId }, id) => findLocationView(tx, clinicId, id as LocationId),
  insert: ({ tx, clinicId, now }, row) => insertLocation(tx, { ...row, clinicId }, now),
  update: ({ tx, clinicId }, row) => updateLocation(tx, clinicId, row),
  check: async (_, { zone }) => (zone === null || isZone(zone) ? undefined : refuseOwn('unknown-zone', 'zone')),
} satisfies Parameters<typeof addOwn<LocationView>>[2]

export const showLocations = ({ database }: { readonly database: Database }, { clinicId }: Subject) =>
  database.read((tx) => listLocations(tx, clinicId))

export const addLocation = (deps: ClinicDeps, subject: Subject, body: LocationBody): Promise<OwnAnswer<LocationView>> =>
  addOwn(deps, subject, LOCATIONS, (ctx) => ({
    id: body.id ?? ctx.newId<'Location'>(),
    name: body.name,
    address: body.address ?? '',
    zone: body.zone ?? null,
    revision: 1,
  }))

/** The zone stays: visits there stand on the day and hour they had in it. */
export const changeLocation = (
  deps: ClinicDeps,
  subject: Subject,
  id: LocationId,
  fields: Partial<Pick<LocationView, 'name' | 'address'>>,
  seen: SeenRevision,
): Promise<OwnAnswer<LocationView>> =>
  changeOwn(deps, subject, LOCATIONS, { id, seen, apply: (row) => ({ ...row, ...fields }) })
