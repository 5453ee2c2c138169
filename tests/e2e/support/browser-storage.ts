/** What a browser keeps of the app, read as whoever holds the computer could read it: raw, without any key. */
import type { Page } from 'playwright-core'

export type KeptDatabase = { readonly name: string; readonly stores: Readonly<Record<string, readonly string[]>> }

/** Every database of the page's origin, each row as text with binary parts spelled out byte by byte. */
export function readKept(page: Page): Promise<readonly KeptDatabase[]> {
  return page.evaluate(async () => {
    const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const spell = (_: string, value: unknown): unknown => {
      if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value))
      return ArrayBuffer.isView(value) ? String.fromCharCode(...new Uint8Array(value.buffer)) : value
    }
    const kept: { name: string; stores: Record<string, string[]> }[] = []
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await settled(indexedDB.open(name))
      const stores: Record<string, string[]> = {}
      for (const store of database.objectStoreNames) {
        const rows = await settled(database.transaction(store).objectStore(store).getAll())
        stores[store] = rows.map((row) => JSON.stringify(row, spell))
      }
      database.close()
      kept.push({ name, stores })
    }
    return kept
  })
}

/** The app's databases with documents in them; the keys' own is another one. */
export const clinicDatabases = (kept: readonly KeptDatabase[]): readonly KeptDatabase[] =>
  kept.filter(({ name }) => name.includes('clinic-'))

/** Everything a browser keeps beside databases: cookies are not readable here. */
export function readOtherStorage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        texts.push(request.url)
        const answer = await cache.match(request)
        if (/json|html/.test(answer?.headers.get('content-type') ?? '')) texts.push((await answer?.text()) ?? '')
      }
    }
    return texts.join('\n')
  })
}
