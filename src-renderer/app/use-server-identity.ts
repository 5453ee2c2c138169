import { useCallback, useEffect, useState } from 'react'
import { type Identification, identify } from '#renderer/server-api/identify.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

/** Which server answers and how its clock stands to this one's: asked whenever it comes into reach, and on demand. */
export function useServerIdentity(api: ServerApi, isReachable: boolean) {
  const [known, setKnown] = useState<Identification | null>(null)
  const ask = useCallback(async (): Promise<void> => setKnown(await identify(api)), [api])
  useEffect(() => {
    if (isReachable) void ask()
  }, [isReachable, ask])
  return [known, ask] as const
}
