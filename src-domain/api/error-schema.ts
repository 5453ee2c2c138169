/** The one shape of an error answer of the REST API: problem details (RFC 9457), `application/problem+json`. */
import Type from 'typebox'
import { alternativeSchema } from './appointment-api.ts'
import { impactSchema } from './availability-api.ts'
import { revocationSchema } from './hand-in-api.ts'

const strict = { additionalProperties: false } as const

/** One thing wrong with a request. A request is answered with all of them, up to a bound. */
export const fieldFaultSchema = Type.Object(
  {
    /** Which part of the request it stands in. */
    in: Type.Union([Type.Literal('body'), Type.Literal('query'), Type.Literal('path'), Type.Literal('header')]),
    /** JSON pointer into that part (RFC 6901, section 6: as a URI fragment), such as `#/clinic/zone`. */
    pointer: Type.String(),
    /** The same place in dotted form, for people and forms. */
    field: Type.String(),
    /** The keyword of JSON Schema that was broken, such as `required`, `type`, `maxLength`. */
    rule: Type.String(),
    detail: Type.String(),
  },
  strict,
)
export type FieldFault = Type.Static<typeof fieldFaultSchema>

/**
 * `code` is for programs (kebab-case, never changes) and ends `type`; `title` is the code's own sentence, `detail` the one of
 * this occurrence. `field` names what it is about in dotted form where there is one, `errors` everything that is wrong with
 * the shape of a request. `alternatives` are free times for a booking whose time cannot be had. `requestId` finds the line in
 * the server's log.
 */
export const errorAnswerSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    /** The code once more, on the addresses of the sync protocol alone: RxDB's stock client looks for it. */
    error: Type.Optional(Type.String()),
    field: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(fieldFaultSchema)),
    requestId: Type.String(),
    retryAfterSeconds: Type.Optional(Type.Integer()),
    alternatives: Type.Optional(Type.Array(alternativeSchema)),
    /** What a refused change of hours would strand now. */
    impact: Type.Optional(impactSchema),
    /** What the second step of a log-in needs, with `second-factor-required`. */
    challenge: Type.Optional(Type.String()),
    /** True when the second factor has to be set up first. */
    isEnrolment: Type.Optional(Type.Boolean()),
    /** What becomes of the unsent changes of this session's device, with `device-revoked`. */
    revocation: Type.Optional(revocationSchema),
    /** The clinics to choose from, with `choose-clinic`. */
    clinics: Type.Optional(Type.Array(Type.Object({ id: Type.String(), name: Type.String() }, strict))),
  },
  strict,
)
export type ErrorAnswer = Type.Static<typeof errorAnswerSchema>

/** The media type of an error answer. */
export const PROBLEM_TYPE = 'application/problem+json'

/** Where every `type` of a problem is explained: `type` is this address and the code as its fragment. */
export const PROBLEMS_PATH = '/api/v1/problems'

/** `GET /api/v1/problems`. */
export const problemsAnswerSchema = Type.Object(
  { problems: Type.Array(Type.Object({ code: Type.String(), status: Type.Integer(), title: Type.String() }, strict)) },
  strict,
)
