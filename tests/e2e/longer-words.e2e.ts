/** Words that are longer by two fifths and wear accents break no layout: made up here, so that no user can ever choose them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { brokenTexts } from './support/page-checks.ts'
import { enter, settled, TOUR } from './support/tour.ts'

const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'ê',
  i: 'ï',
  o: 'ö',
  u: 'û',
  A: 'Å',
  E: 'É',
  O: 'Ø',
  n: 'ñ',
  c: 'ç',
}

/** `Save` becomes `[Sávê éé]`: what is filled in stays, the rest grows as German and Finnish do. */
function longer(text: string): string {
  const pieces = text.split(/(\{\{?\w+\}?\})/)
  const dressed = pieces.map((piece, at) =>
    at % 2 ? piece : piece.replace(/[a-zA-Z]/g, (letter) => ACCENTS[letter] ?? letter),
  )
  const letters = pieces.filter((_, at) => at % 2 === 0).join('').length
  const more = Array.from({ length: Math.ceil(letters * 0.4) }, (_, at) => (at % 7 === 6 ? ' ' : 'é'))
    .join('')
    .trimEnd()
  return `[${dressed.join('')} ${more}]`
}

const longerAll = (group: unknown): unknown =>
  typeof group === 'string'
    ? longer(group)
    : Object.fromEntries(Object.entries(group as object).map(([name, value]) => [name, longerAll(value)]))

let clinic: Clinic
let client: Client

beforeAll(async () => {
  clinic = await openClinic()
  client = await clinic.newClient({ viewport: { width: 1366, height: 768 }, keepsShell: false })
  const english: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../locales/en.json'), 'utf8'))
  // The page asks for German and is handed these.
  await client.context.route(/\/assets\/de-[\w-]+\.js$/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `export default ${JSON.stringify(longerAll(english))}` }),
  )
  await client.page.evaluate(() => localStorage.setItem('language', 'de'))
  await client.page.reload()
  await client.page.locator('input[type=email]').waitFor()
})
afterAll(() => clinic.close())

test('the log-in screen', async () => {
  await client.page.getByText(/^\[/).first().waitFor()
  await settled(client.page)
  expect(await client.page.evaluate(brokenTexts, 'body')).toEqual([])
  await enter(client.page, clinic.server, 'admin')
  await client.page.locator('[data-item]').first().waitFor()
})

test.each(TOUR)('$name', async ({ open, leave, part = 'body' }) => {
  await open(client.page)
  await settled(client.page)
  // What no longer fits is taken out once the browser has told of it.
  await expect.poll(() => client.page.evaluate(brokenTexts, part)).toEqual([])
  if (leave) await client.page.keyboard.press(leave)
})
