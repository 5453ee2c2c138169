/** Which resources a request names: by its address, by `_id` and by `identifier`. */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { isId } from '#domain/ids.ts'
import type { Search } from './fhir-request.ts'
import { URI_SYSTEM } from './to-people.ts'

/** An id of whatever shape: what is none of ours is not found. */
export const idParams = Type.Object({ id: Type.String({ maxLength: 64 }) }, { additionalProperties: false })

/** The id of the address, where it has the shape of one. */
export function oneId<Id extends string>({ params }: FastifyRequest): Id[] {
  const { id } = params as { id: string }
  return isId(id) ? [id as Id] : []
}

/** `_id` and `identifier` both say which; several values in one parameter are alternatives, several parameters must all hold. */
export function idsOf<Id extends string>(search: Search): Id[] | undefined {
  const lists = [
    ...search.all('_id').map((text) => text.split(',')),
    ...search.all('identifier').map((text) => text.split(',').flatMap(idOfIdentifier)),
  ]
  const [first, ...others] = lists
  if (!first) return undefined
  return first.filter((id) => isId(id) && others.every((other) => other.includes(id))) as Id[]
}

/** The id in an identifier that we gave out; identifiers of other systems are not kept here. */
export function idOfIdentifier(token: string): string[] {
  const value = token.startsWith(`${URI_SYSTEM}|`) ? token.slice(URI_SYSTEM.length + 1) : token
  return value.startsWith('urn:uuid:') ? [value.slice('urn:uuid:'.length)] : []
}
