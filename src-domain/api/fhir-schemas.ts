/**
 * What of a FHIR R4 Appointment this server takes in. An element that is not here would be lost, so it is refused; a client that
 * does not mind says so (`Prefer: handling=lenient`).
 */
import Type from 'typebox'
import { FHIR_APPOINTMENT_STATUSES } from '#domain/fhir/fhir-status.ts'
import { oneOf, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

const codingSchema = Type.Object(
  {
    system: Type.Optional(textSchema(500)),
    version: Type.Optional(textSchema(100)),
    code: Type.Optional(textSchema(100)),
    display: Type.Optional(textSchema(500)),
    userSelected: Type.Optional(Type.Boolean()),
  },
  strict,
)
const conceptSchema = Type.Object(
  {
    coding: Type.Optional(Type.Array(codingSchema, { minItems: 1, maxItems: 10 })),
    text: Type.Optional(textSchema(500)),
  },
  strict,
)
export type FhirConcept = Type.Static<typeof conceptSchema>

const referenceSchema = Type.Object(
  {
    reference: Type.Optional(textSchema(500)),
    type: Type.Optional(textSchema(100)),
    display: Type.Optional(textSchema(500)),
  },
  strict,
)
const identifierSchema = Type.Object(
  {
    use: Type.Optional(textSchema(20)),
    system: Type.Optional(textSchema(500)),
    value: Type.Optional(textSchema(500)),
  },
  strict,
)
const participantSchema = Type.Object(
  {
    type: Type.Optional(Type.Array(conceptSchema, { maxItems: 10 })),
    actor: Type.Optional(referenceSchema),
    required: Type.Optional(oneOf(['required', 'optional', 'information-only'])),
    status: oneOf(['accepted', 'declined', 'tentative', 'needs-action']),
  },
  strict,
)
/** `2026-10-14T09:00:00+01:00`: an instant needs its seconds and its offset. */
const instantText = () =>
  Type.String({
    maxLength: 40,
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$',
  })

export const fhirAppointmentSchema = Type.Object(
  {
    resourceType: Type.Literal('Appointment'),
    id: Type.Optional(textSchema(64)),
    // Of these nothing is kept: the server's own stand in every answer.
    meta: Type.Optional(Type.Object({ versionId: Type.Optional(textSchema(64)) })),
    text: Type.Optional(Type.Object({})),
    identifier: Type.Optional(Type.Array(identifierSchema, { maxItems: 10 })),
    status: oneOf(FHIR_APPOINTMENT_STATUSES),
    cancelationReason: Type.Optional(conceptSchema),
    serviceType: Type.Optional(Type.Array(conceptSchema, { minItems: 1, maxItems: 1 })),
    reasonCode: Type.Optional(Type.Array(conceptSchema, { minItems: 1, maxItems: 1 })),
    start: Type.Optional(instantText()),
    end: Type.Optional(instantText()),
    minutesDuration: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
    slot: Type.Optional(Type.Array(referenceSchema, { minItems: 1, maxItems: 1 })),
    created: Type.Optional(textSchema(40)),
    comment: Type.Optional(textSchema(4000)),
    participant: Type.Array(participantSchema, { minItems: 1, maxItems: 10 }),
    requestedPeriod: Type.Optional(
      Type.Array(Type.Object({ start: Type.Optional(textSchema(40)), end: Type.Optional(textSchema(40)) }, strict), {
        maxItems: 1,
      }),
    ),
  },
  strict,
)
export type FhirAppointment = Type.Static<typeof fhirAppointmentSchema>
