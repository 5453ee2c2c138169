/** Everything that is wrong with the shape of a request, field by field. The values themselves are never repeated. */
import type { FastifySchemaValidationError } from 'fastify'
import { Settings } from 'typebox/system'
import type { FieldFault } from '#domain/api/error-schema.ts'

/** Faults that one answer names at most; the validator stops there too. */
const MOST_FAULTS = 32
Settings.Set({ maxErrors: MOST_FAULTS * 4 })

/** Longest name that is repeated: unknown fields are named by whoever sends them. */
const LONGEST_NAME = 80

type Part = FieldFault['in']

const PARTS: Readonly<Record<string, Part>> = { querystring: 'query', params: 'path', headers: 'header' }

/**
 * The faults of one part of a request, unknown fields first: a request that says too much may not mean what it says.
 * @param part Fastify's word for where the faults were found
 */
export function toFieldFaults(errors: readonly FastifySchemaValidationError[], part: string): FieldFault[] {
  const place = PARTS[part] ?? 'body'
  const faults = withoutOtherBranches(errors).flatMap((error) => faultsOf(error, place))
  const unknown = faults.filter(({ rule }) => rule === 'additionalProperties')
  const others = faults.filter(({ rule }) => rule !== 'additionalProperties')
  return [...unknown, ...others].slice(0, MOST_FAULTS)
}

function faultsOf({ keyword, instancePath, params, message }: FastifySchemaValidationError, place: Part): FieldFault[] {
  const path = instancePath.split('/').slice(1).map(unescaped)
  // A surplus property comes twice: by itself (its schema is `false`), and in the list of the object it stands in, which is
  // the last to come and missing where the validator stopped before.
  if (keyword === 'boolean') return [fault(place, path, 'additionalProperties', 'is not known here')]
  if (keyword === 'additionalProperties') return []
  if (keyword === 'required') {
    const { requiredProperties = [] } = params as { readonly requiredProperties?: readonly string[] }
    return requiredProperties.map((name) => fault(place, [...path, name], keyword, 'is missing'))
  }
  return [fault(place, path, keyword, keyword === 'anyOf' ? 'has none of the forms it may have' : message)]
}

function fault(place: Part, path: readonly string[], rule: string, problem = 'is not valid'): FieldFault {
  const names = path.map((name) => name.slice(0, LONGEST_NAME))
  const field = names.join('.') || place
  const pointer = `#${names.map((name) => `/${encodeURIComponent(escaped(name))}`).join('')}`
  return { in: place, pointer, field, rule, detail: `"${field}" ${problem}.` }
}

/**
 * Of a value that may have one of several forms, only the faults of the form it seems to be meant in: the only one whose
 * type fits. Where none or several fit, the choice itself is the fault.
 */
function withoutOtherBranches(
  errors: readonly FastifySchemaValidationError[],
): readonly FastifySchemaValidationError[] {
  return errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .reduce((left, union) => {
      const branchOf = ({ schemaPath }: FastifySchemaValidationError) =>
        schemaPath.startsWith(`${union.schemaPath}/anyOf/`)
          ? schemaPath.slice(union.schemaPath.length + '/anyOf/'.length).split('/')[0]
          : undefined
      const isInside = (error: FastifySchemaValidationError) =>
        branchOf(error) !== undefined && error.instancePath.startsWith(union.instancePath)
      const isOfOtherType = (branch: string | undefined) =>
        left.some(
          (error) =>
            error.keyword === 'type' && error.instancePath === union.instancePath && branchOf(error) === branch,
        )
      const fitting = new Set(
        left
          .filter(isInside)
          .map(branchOf)
          .filter((branch) => !isOfOtherType(branch)),
      )
      const [meant] = fitting
      return fitting.size === 1
        ? left.filter((error) => error !== union && (!isInside(error) || branchOf(error) === meant))
        : left.filter((error) => !isInside(error))
    }, errors)
}

/** One token of a JSON pointer (RFC 6901, section 4), there and back. */
const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
