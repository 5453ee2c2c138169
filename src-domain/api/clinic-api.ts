/** `/api/v1/clinic`, `/locations` and `/equipment`: what a clinic is made of that no device replicates. */
import Type, { type TProperties } from 'typebox'
import { policiesSchema } from '#domain/clinic/policies.ts'
import { idSchema } from '#domain/ids.ts'
import { nullable, revisionSchema, textSchema, zoneSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
const revision = revisionSchema()
const name = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })
/** What a change may say, and which revision its author saw where `If-Match` does not say so. */
const changeOf = <Fields extends TProperties>(fields: Fields) =>
  Type.Partial(Type.Object({ ...fields, revision }), strict)

const policies = policiesSchema.properties
export const clinicViewSchema = Type.Object(
  { id: idSchema<'Clinic'>(), name: name(160), zone: zoneSchema(), policies: policiesSchema, revision },
  strict,
)
export type ClinicView = Type.Static<typeof clinicViewSchema>
/** The zone is not among them: every visit stands on the day and hour it had in it. */
export const clinicChangeSchema = changeOf({ name: name(160), policies: Type.Partial(Type.Object(policies), strict) })
export type ClinicChange = Type.Static<typeof clinicChangeSchema>
export const clinicAnswerSchema = Type.Object({ clinic: clinicViewSchema }, strict)

const location = { name: name(160), address: textSchema(500) }
export const locationViewSchema = Type.Object(
  /** `zone` is null where the clinic's applies. */
  { id: idSchema<'Location'>(), ...location, zone: nullable(zoneSchema()), revision },
  strict,
)
export type LocationView = Type.Static<typeof locationViewSchema>
export const locationBodySchema = Type.Object(
  {
    id: Type.Optional(idSchema<'Location'>()),
    name: location.name,
    address: Type.Optional(location.address),
    zone: Type.Optional(nullable(zoneSchema())),
  },
  strict,
)
export type LocationBody = Type.Static<typeof locationBodySchema>
export const locationChangeSchema = changeOf(location)
export const locationAnswerSchema = Type.Object({ location: locationViewSchema }, strict)
export const locationListSchema = Type.Object({ locations: Type.Array(locationViewSchema) }, strict)

const equipment = {
  name: name(120),
  locationId: nullable(idSchema<'Location'>()),
  /** Units: visits that can use it at once. */
  capacity: Type.Integer({ minimum: 1, maximum: 1000 }),
  isActive: Type.Boolean(),
}
export const equipmentViewSchema = Type.Object({ id: idSchema<'Equipment'>(), ...equipment, revision }, strict)
export type EquipmentView = Type.Static<typeof equipmentViewSchema>
export const equipmentBodySchema = Type.Object(
  {
    id: Type.Optional(idSchema<'Equipment'>()),
    name: equipment.name,
    locationId: Type.Optional(equipment.locationId),
    capacity: Type.Optional(equipment.capacity),
  },
  strict,
)
export type EquipmentBody = Type.Static<typeof equipmentBodySchema>
export const equipmentChangeSchema = changeOf(equipment)
export const equipmentAnswerSchema = Type.Object({ equipment: equipmentViewSchema }, strict)
export const equipmentListSchema = Type.Object({ equipment: Type.Array(equipmentViewSchema) }, strict)
