/** A computer that has nothing yet: today's board stands while the rest is still on its way, and the pill says how far that is. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

test('shows today before the rest, says how far it is, and then holds everything', async () => {
  const client = await clinic.newClient()
  const { page } = client
  /** The first answer about visits is let through, those after it wait until the test says so. */
  const held: (() => void)[] = []
  let isOpen = false
  let pages = 0
  await page.routeWebSocket(/\/sync\/v1$/, (near) => {
    const far = near.connectToServer()
    far.onMessage((message) => {
      const isPage = String(message).includes('"collection":"appointments"') && String(message).includes('"documents"')
      if (isPage) pages += 1
      if (isPage && pages > 1 && !isOpen) held.push(() => near.send(message))
      else near.send(message)
    })
  })
  await client.logIn('reception')
  const ofToday = clinic.tables.all<{ id: string }>(
    "select id from appointments where local_day = '2026-11-24' and status in ('pending', 'confirmed', 'arrived', 'fulfilled')",
  )
  expect(ofToday.length).toBeGreaterThan(10)
  const missing = async () => {
    const counts = await Promise.all(ofToday.map(({ id }) => client.card(id).count()))
    return counts.filter((count) => count === 0).length
  }
  await expect.poll(missing, { timeout: PATIENCE_MS }).toBe(0)
  await expect.poll(() => held.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0)
  await page.getByText(/^Receiving data: [\d,]+ of [\d,]+ rows$/).waitFor()
  expect(await missing()).toBe(0)
  isOpen = true
  for (const send of held) send()
  await client.untilLevel()
  expect(await page.getByText(/^Receiving data/).count()).toBe(0)
})
