/** What is wrong with what was typed into a form, by the bounds of the schema that the server holds it against. */
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'

export type FaultRule = 'missing' | 'not-a-number' | 'too-small' | 'too-large' | 'too-long' | 'too-many' | 'wrong-form'
export type Fault = {
  readonly field: string
  readonly rule: FaultRule
  /** The bound that was crossed. */
  readonly limit?: number
}

type Bounds = {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
}

/** The first fault of each field, in the order of the fields. Fields the schema does not name are not looked at. */
export function faultsOf(
  properties: Readonly<Record<string, TSchema>>,
  values: Readonly<Record<string, unknown>>,
): readonly Fault[] {
  return Object.entries(properties).flatMap(([field, schema]) => {
    if (!(field in values) || Check(schema, values[field])) return []
    return [{ field, ...ruleOf(schema as Bounds, values[field]) }]
  })
}

function ruleOf(schema: Bounds, value: unknown): Omit<Fault, 'field'> {
  const { type, minimum, maximum, maxLength, maxItems, minLength = 0 } = schema
  if (value === '' || value === undefined || value === null) return { rule: 'missing' }
  if (type === 'integer' || type === 'number') {
    if (typeof value !== 'number') return { rule: 'not-a-number' }
    if (minimum !== undefined && value < minimum) return { rule: 'too-small', limit: minimum }
    if (maximum !== undefined && value > maximum) return { rule: 'too-large', limit: maximum }
  }
  if (typeof value === 'string') {
    if (maxLength !== undefined && value.length > maxLength) return { rule: 'too-long', limit: maxLength }
    if (value.trim() === '' && minLength > 0) return { rule: 'missing' }
  }
  if (Array.isArray(value) && maxItems !== undefined && value.length > maxItems) {
    return { rule: 'too-many', limit: maxItems }
  }
  return { rule: 'wrong-form' }
}
