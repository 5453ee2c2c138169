import { useCallback } from 'react'
import { filter, firstValueFrom, map, merge } from 'rxjs'
import type { CollectionName } from '#domain/sync/collections.ts'
import { useLocalDb } from './local-db-context.tsx'

/**
 * Waits until a change made here is with the server; not at all while there is none. The next step of the same
 * document begins only then: written while the one before is on its way, an inverse looks like no change of ours, and the
 * server's answer to the first would undo it.
 */
export function useWhenSent(collection: CollectionName): (id: string) => Promise<void> {
  const { sync } = useLocalDb()
  return useCallback(
    async (id) => {
      const sent = sync.unsent$(collection).pipe(map((ids) => !ids.has(id)))
      const cutOff = sync.status$.pipe(map(({ connection }) => connection.phase !== 'ready'))
      await firstValueFrom(merge(sent, cutOff).pipe(filter(Boolean)), { defaultValue: true })
    },
    [sync, collection],
  )
}
