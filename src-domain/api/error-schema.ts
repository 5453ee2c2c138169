/** The one shape of an error answer of the REST API. */
import Type from 'typebox'

/**
 * `code` is for programs (kebab-case, never changes), `message` is one sentence for people, `field` names what it is about
 * in dotted form where there is one, `requestId` finds the line in the server's log.
 */
export const errorAnswerSchema = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String(),
        message: Type.String(),
        field: Type.Optional(Type.String()),
        requestId: Type.String(),
        retryAfterSeconds: Type.Optional(Type.Integer()),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type ErrorAnswer = Type.Static<typeof errorAnswerSchema>
