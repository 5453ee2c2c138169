import { useEffect, useState } from 'react'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { alternativesLocally } from '#renderer/local-db/free-times-local.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

export const SHOWN_ALTERNATIVES = 3

export type Alternatives = {
  readonly times: readonly Alternative[]
  /** False while they come from this computer alone and the server may know better. */
  readonly isSure: boolean
}

/** Three free times near the wanted one: the server's while it answers, otherwise this computer's. */
export function useAlternatives(
  clinic: Clinic,
  api: Pick<ServerApi, 'alternatives'>,
  wanted: Appointment,
): Alternatives | undefined {
  const [answer, setAnswer] = useState<Alternatives>()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const { desk } = clinic
  useEffect(() => {
    let isCurrent = true
    void findTimes(isOnline ? api : null, desk, wanted).then((found) => {
      if (isCurrent) setAnswer(found)
    })
    return () => {
      isCurrent = false
    }
  }, [api, desk, isOnline, wanted])
  return answer
}

async function findTimes(
  api: Pick<ServerApi, 'alternatives'> | null,
  desk: Clinic['desk'],
  wanted: Appointment,
): Promise<Alternatives> {
  const answer = await api?.alternatives(wanted.id)
  if (answer?.ok) return { times: answer.value.slice(0, SHOWN_ALTERNATIVES), isSure: true }
  return { times: await alternativesLocally(desk, wanted, SHOWN_ALTERNATIVES), isSure: false }
}
