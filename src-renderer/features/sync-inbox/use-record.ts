import { useMemo } from 'react'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

/** The record as everybody sees it now; undefined while it is read, and where this computer does not have it. */
export function useRecord<Name extends CollectionName>(name: Name | null, id: string): Documents[Name] | undefined {
  const { database } = useLocalDb()
  const query = useMemo(() => (name === null ? null : find(database, name, { id } as never)), [database, name, id])
  return useRxQuery(query)?.[0] as Documents[Name] | undefined
}
