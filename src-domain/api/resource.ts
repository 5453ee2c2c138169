/**
 * A kind of thing that the REST API lists, shows, makes, changes and takes away in the same five ways. All its schemas are made
 * from the schema of its document, so that a field added there is a field of the API as well.
 */
import Type, { type TObject, type TProperties, type TSchema } from 'typebox'
import type { Permission } from '#domain/access/permissions.ts'
import { revisionSchema } from '#domain/schema-parts.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const

/** How a filter compares its value with a field. `words`: every word of a text is in it · `digits`: the digits of a number are. */
export type Comparison = 'is' | 'from' | 'until' | 'words' | 'digits'
export type Filter = { readonly field: string; readonly by: Comparison; readonly schema: TSchema }

export type Resource<Name extends CollectionName = CollectionName> = {
  readonly collection: Name
  readonly path: string
  /** What one and several are called in an answer. */
  readonly one: string
  readonly many: string
  readonly view: 'signed-in' | Permission
  readonly manage: Permission
  /** Fields the list is sorted by, ascending, before the id. */
  readonly order: readonly string[]
  readonly filters: Readonly<Record<string, Filter>>
  /** Values of what a new one need not say. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** Taken away by being switched off, so that what was booked keeps its name; by being deleted; or not here. */
  readonly removal: 'switch-off' | 'delete' | 'none'
  /** What a new one has in fields that only the server sets, until the rules of its collection have set them. */
  readonly blanks: Readonly<Record<string, unknown>>
  readonly schemas: {
    readonly create: TObject
    readonly change: TObject
    readonly query: TObject
    readonly answer: TObject
    readonly page: TObject
  }
}

type Description<Name extends CollectionName> = Omit<Resource<Name>, 'schemas' | 'blanks'> & {
  readonly schema: TObject
  /** Fields that only the server sets, beside the clinic and the count of writes, with their blanks. */
  readonly owned: Readonly<Record<string, unknown>>
  /** What an answer shows beside the document. */
  readonly shown?: TProperties
}

/** Completes a description with its schemas. */
export function describeResource<Name extends CollectionName>(description: Description<Name>): Resource<Name> {
  const { schema, owned, shown = {}, ...resource } = description
  const blanks = { clinicId: null, revision: 0, ...owned }
  const { id, ...fields } = schema.properties as { id: TSchema } & Record<string, TSchema>
  const writable = Object.entries(fields).filter(([field]) => !(field in blanks))
  const create = writable.map(([field, type]) => [field, field in resource.defaults ? Type.Optional(type) : type])
  const change = writable.map(([field, type]) => [field, Type.Optional(type)])
  const filters = Object.entries(resource.filters).map(([name, filter]) => [name, Type.Optional(filter.schema)])
  const view = Type.Object({ ...schema.properties, ...shown }, strict)
  return {
    ...resource,
    blanks,
    path: `/api/v1/${resource.path}`,
    schemas: {
      create: Type.Object({ id: Type.Optional(id), ...Object.fromEntries(create) }, strict),
      change: Type.Object({ ...Object.fromEntries(change), revision: Type.Optional(revisionSchema()) }, strict),
      query: listQueryOf(Object.fromEntries(filters) as TProperties),
      answer: Type.Object({ [resource.one]: view }, strict),
      page: pageOf(resource.many, view),
    },
  }
}
