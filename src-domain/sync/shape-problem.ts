/** The first thing wrong with the shape of a value, in the words an answer needs: which field, and what about it. */

/** The part of a TypeBox error that is read here. */
export type ShapeError = {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}
export type ShapeProblem = { readonly field: string; readonly message: string }

/** Turns a validator's errors into one problem; the field is dotted (`params.0.id`) and empty for the value itself. */
export function shapeProblem(errors: readonly ShapeError[]): ShapeProblem {
  const error = errors.find((candidate) => candidate.keyword !== 'boolean') ?? errors[0]
  if (!error) return { field: '', message: 'is not what was expected' }
  const path = error.instancePath.split('/').slice(1).map(unescaped)
  return { field: [...path, ...namedIn(error.params)].join('.').slice(0, 64), message: error.message }
}

/** A missing or surplus property is named in the parameters of its parent's error. */
function namedIn(params: object): readonly string[] {
  const { requiredProperties, additionalProperties } = params as {
    requiredProperties?: readonly string[]
    additionalProperties?: readonly string[]
  }
  return (requiredProperties ?? additionalProperties ?? []).slice(0, 1)
}

/** One token of a JSON pointer (RFC 6901, section 4). */
const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')
