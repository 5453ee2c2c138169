/** What the REST API takes and gives for bringing past visits in from files: first what a file comes to, then the writing of it. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { IMPORT_PROBLEM_REASONS } from '#domain/import/import-plan.ts'
import { instantSchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
const count = () => Type.Integer({ minimum: 0 })

/** Bytes of the largest file: a hundred thousand visits are about ten million. */
export const IMPORT_BYTES = 32 * 1024 * 1024
/** Problems an answer lists; the rest is counted. */
export const MOST_PROBLEMS = 10_000

/** `GET /api/v1/imports/mappings`: which kinds of files can be read, by the columns they must have. */
export const importMappingSchema = Type.Object(
  { name: Type.String(), summary: Type.String(), columns: Type.Array(Type.String()) },
  strict,
)
export type ImportMappingView = Type.Static<typeof importMappingSchema>
export const importMappingsAnswerSchema = Type.Object({ mappings: Type.Array(importMappingSchema) }, strict)

/** `POST /api/v1/imports`: the file is the body, as `text/csv`. */
export const importQuerySchema = Type.Object({ mapping: textSchema(64) }, strict)

/** `planned` nothing is written yet · `running` · `done` · `stopped` by somebody; what is written stays · `failed` the same, by an error. */
export const IMPORT_STATES = ['planned', 'running', 'done', 'stopped', 'failed'] as const

export const importJobSchema = Type.Object(
  {
    id: idSchema<'Import'>(),
    mapping: Type.String(),
    state: oneOf(IMPORT_STATES),
    createdAt: instantSchema(),
    /** What the file comes to. */
    counts: Type.Object(
      { visits: count(), missed: count(), patients: count(), doctors: count(), locations: count() },
      strict,
    ),
    /** Rows that stay out, by line; values of rows are never repeated. */
    problems: Type.Array(
      Type.Object({ line: count(), field: Type.String(), reason: oneOf(IMPORT_PROBLEM_REASONS) }, strict),
      { maxItems: MOST_PROBLEMS },
    ),
    problemCount: count(),
    /** Records written or found there, of all there are. */
    done: count(),
    total: count(),
    /** How it ended; null before. */
    outcome: nullable(
      Type.Object(
        {
          added: count(),
          present: count(),
          refused: Type.Array(Type.Object({ line: count(), reason: Type.String() }, strict)),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type ImportJob = Type.Static<typeof importJobSchema>
export const importAnswerSchema = Type.Object({ import: importJobSchema }, strict)
