/** Judges answers by what the API's description promises for their operation. The validator is one the server does not use. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Operation } from './openapi-cases.ts'
import type { JsonSchema } from './schema-values.ts'

export type PlainAnswer = {
  readonly status: number
  readonly contentType: string | undefined
  readonly text: string
}

/** What is wrong with an answer, as sentences; none when all is well. */
export type Judge = (operation: Operation, answer: PlainAnswer) => readonly string[]

const PROBLEM = 'application/problem+json'
/** Codes by which a request learns which of its fields is wrong. */
const ABOUT_FIELDS: ReadonlySet<string> = new Set(['invalid-field', 'missing-field', 'unknown-field'])

export function createJudge(): Judge {
  const isValid = createValidator()
  return ({ responses }, { status, contentType, text }) => {
    if (status >= 500) return [`the status is ${status}`]
    const promised = responses[status] ?? responses[`${Math.floor(status / 100)}XX`]
    if (!promised) return [`the status ${status} is not documented`]
    if (!promised.content) return text === '' ? [] : [`a body where ${status} has none`]
    const type = contentType?.split(';')[0] ?? ''
    const schema = promised.content[type]?.schema
    if (!schema) return [`the content type "${type}" is not documented for ${status}`]
    if (!type.endsWith('json')) return typeof text === 'string' && text !== '' ? [] : ['the body is empty']
    const body = parse(text)
    if (body === undefined) return ['the body is not JSON']
    return [...isValid(schema, body), ...(type === PROBLEM ? problemsOf(status, body) : [])]
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Schemas that say the same are compiled once. */
function createValidator() {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  const compiled = new Map<string, ValidateFunction>()
  const texts = new WeakMap<JsonSchema, ValidateFunction>()
  return (schema: JsonSchema, body: unknown): string[] => {
    let validate = texts.get(schema)
    if (!validate) {
      const text = JSON.stringify(schema)
      validate = compiled.get(text) ?? ajv.compile(schema)
      compiled.set(text, validate)
      texts.set(schema, validate)
    }
    return validate(body) ? [] : [`the body is not as described: ${ajv.errorsText(validate.errors)}`]
  }
}

function problemsOf(status: number, body: unknown): string[] {
  const problem = body as { readonly status: number; readonly code: string; readonly field?: string }
  if (problem.status !== status) return [`the problem says ${problem.status}, the answer ${status}`]
  if (ABOUT_FIELDS.has(problem.code) && !problem.field) return [`"${problem.code}" names no field`]
  return []
}
