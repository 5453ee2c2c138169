/** Bodies and answers of what concerns a patient's rights to their data: export, erasure, legal holds. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
const count = () => Type.Integer({ minimum: 0 })

export const personExportSchema = Type.Object(
  {
    /** Raised when a reader of the old form could not read the new one. */
    format: Type.Literal(1),
    exportedAt: instantSchema(),
    clinic: Type.Object({ id: Type.String(), name: Type.String(), zone: Type.String() }, strict),
    patientId: idSchema<'Patient'>(),
    /** Rows by table, as they are stored; secrets are left out. */
    tables: Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.Unknown()))),
    audit: Type.Array(
      Type.Object(
        {
          at: instantSchema(),
          userId: nullable(Type.String()),
          action: Type.String(),
          collection: Type.String(),
          door: nullable(Type.String()),
          documentIds: Type.Array(Type.String()),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type PersonExport = Type.Static<typeof personExportSchema>

/** Codes, because a reason in words would itself say something about the person. */
export const ERASURE_REASONS = ['requested', 'court-order', 'recorded-in-error', 'retention'] as const
export type ErasureReason = (typeof ERASURE_REASONS)[number]

export const legalHoldSchema = Type.Object(
  {
    id: idSchema<'LegalHold'>(),
    reason: textSchema(500),
    setBy: nullable(idSchema<'User'>()),
    setAt: instantSchema(),
    /** The last day it counts; null until it is lifted. */
    untilDay: nullable(localDaySchema()),
  },
  strict,
)
export type LegalHoldView = Type.Static<typeof legalHoldSchema>

export const legalHoldBodySchema = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }), untilDay: Type.Optional(localDaySchema()) },
  strict,
)
export type LegalHoldBody = Type.Static<typeof legalHoldBodySchema>
export const legalHoldsAnswerSchema = Type.Object({ holds: Type.Array(legalHoldSchema) }, strict)
export const legalHoldAnswerSchema = Type.Object({ hold: legalHoldSchema }, strict)

/** What an erasure would do. */
export const erasurePreviewSchema = Type.Object(
  {
    appointments: count(),
    /** Of these, still to come: they are called off. */
    upcoming: count(),
    revisions: count(),
    waitlistEntries: count(),
    refusedChanges: count(),
    /** The patient's account serves nothing else and goes with the record. */
    isAccountErased: Type.Boolean(),
    /** Legal holds that forbid it. */
    holds: Type.Array(legalHoldSchema),
    /** Send it back to say: this is what I have seen, do it. It is good as long as all of this stays as it is. */
    confirmation: Type.String(),
  },
  strict,
)
export type ErasurePreview = Type.Static<typeof erasurePreviewSchema>
export const erasurePreviewAnswerSchema = Type.Object({ preview: erasurePreviewSchema }, strict)

export const erasureBodySchema = Type.Object(
  { reason: oneOf(ERASURE_REASONS), confirmation: Type.String({ minLength: 1, maxLength: 128 }) },
  strict,
)
export type ErasureBody = Type.Static<typeof erasureBodySchema>
export const erasureAnswerSchema = Type.Object(
  { erasure: Type.Object({ patientId: idSchema<'Patient'>(), erasedAt: instantSchema() }, strict) },
  strict,
)
