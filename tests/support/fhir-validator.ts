/**
 * Two validators of FHIR R4 that we did not write. `fhir` knows cardinalities, value sets and unexpected elements; HL7's own JSON
 * schema knows the shape of every primitive. Neither catches everything, and each catches what the other lets pass.
 */
import { createRequire } from 'node:module'
import { Fhir } from 'fhir'

const require = createRequire(import.meta.url)
type SchemaValidator = {
  validate(resource: unknown): readonly { readonly dataPath: string; readonly message: string }[]
}
const JSONSchemaValidator = require('@asymmetrik/fhir-json-schema-validator') as new () => SchemaValidator

const structure = new Fhir()
const schema = new JSONSchemaValidator()

/** What is wrong with a resource; empty when both find nothing. */
export function faultsOf(resource: unknown): string[] {
  const { messages } = structure.validate(resource as object, { errorOnUnexpected: true })
  const found = messages
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ location, message }) => `${location}: ${message}`)
  // The second one adds defaults to what it is given.
  const shape = schema.validate(structuredClone(resource)).map(({ dataPath, message }) => `${dataPath} ${message}`)
  return [...found, ...shape]
}
