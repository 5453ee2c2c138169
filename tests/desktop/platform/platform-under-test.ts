/** Bundled and run inside a page, so that the same cases meet both implementations where they really run. */
import { openPlatform } from '#renderer/platform/open-platform.ts'
import type { KeyResult } from '#renderer/platform/types.ts'

const NONCE = new Uint8Array(12)

/** What a spec calls by `page.evaluate`; everything in and out can be cloned. */
export function createPlatformUnderTest() {
  const platform = openPlatform()
  const heard: string[] = []
  const stopHearing = platform.onCommand((id) => heard.push(id))
  return {
    platform,
    heard,
    stopHearing,
    /** The key's properties, and a text sealed with it as hex, by which two keys can be compared. */
    describe: async (result: KeyResult) => {
      if (!result.ok) return result
      const { algorithm, extractable, usages } = result.key
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv: NONCE },
        result.key,
        new TextEncoder().encode('x'),
      )
      const mark = [...new Uint8Array(sealed)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      return { ok: true, isNew: result.isNew, algorithm, extractable, usages: usages.toSorted(), mark }
    },
  }
}

export type PlatformUnderTest = ReturnType<typeof createPlatformUnderTest>
Object.assign(globalThis, { underTest: createPlatformUnderTest() })
