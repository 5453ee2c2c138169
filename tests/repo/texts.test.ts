// The check of the words is itself checked: each fault it is there for is put into a small tree and must be named.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkTexts } from '#build/check-texts.mjs'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const ENGLISH = {
  save: 'Save',
  more: 'More…',
  hello: 'Hello {{name}}',
  visits_one: '{{count}} visit',
  visits_other: '{{count}} visits',
}
const ARABIC = {
  save: 'حفظ',
  more: 'المزيد…',
  hello: 'مرحبًا {{name}}',
  visits_zero: 'لا زيارات',
  visits_one: 'زيارة واحدة',
  visits_two: 'زيارتان',
  visits_few: '{{count}} زيارات',
  visits_many: '{{count}} زيارة',
  visits_other: '{{count}} زيارة',
}
const SCREEN = `export const Screen = () => <p title={t('more')}>{t('save')} {t('hello', { name })} {t('visits', { count })}</p>`

/** What the check says about a tree with that screen and that Arabic. */
function problemsOf({ screen = SCREEN, arabic = ARABIC as object, english = ENGLISH as object } = {}): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'texts-'))
  folders.push(folder)
  const files = {
    'src-renderer/screen.tsx': screen,
    'locales/en.json': JSON.stringify(english),
    'locales/ar.json': JSON.stringify(arabic),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return checkTexts(folder)
}

test('a tree in which every text is in its place has no problem', () => {
  expect(problemsOf()).toEqual([])
})

test('a plural form that the language has and the catalogue lacks is named', () => {
  const { visits_few: _, ...arabic } = ARABIC
  expect(problemsOf({ arabic })).toEqual(['ar: visits_few is missing'])
})

test('a key too many, HTML, a lost ellipsis and a wrong variable are named', () => {
  expect(problemsOf({ arabic: { ...ARABIC, old: 'x', save: '<b>x</b>', more: 'x', hello: '{{nam}}' } })).toEqual([
    'ar: old is no key of English',
    'ar: save holds HTML',
    'ar: more and English do not both end in an ellipsis',
    'ar: hello fills in {{nam}}, English {{name}}',
  ])
})

test('a key that nobody asks for, and one that is asked for in vain, are named', () => {
  const screen = `${SCREEN}; t('gone'); t(\`list.\${name}\`)`
  expect(problemsOf({ screen, english: { ...ENGLISH, idle: 'x' }, arabic: { ...ARABIC, idle: 'x' } })).toEqual([
    'src-renderer/screen.tsx: no text has the key gone',
    'src-renderer/screen.tsx: no text has a key like list.…',
    'locales: nothing asks for idle',
  ])
})

test('words on the screen that come from no catalogue are named', () => {
  const screen = `${SCREEN}; export const Bad = () => <p aria-label={isOpen ? 'Shut' : t('save')}>Some words {\`\${n}\`}</p>`
  expect(problemsOf({ screen })).toEqual([
    'src-renderer/screen.tsx: “Shut” is in no catalogue',
    'src-renderer/screen.tsx: “Some words” is in no catalogue',
  ])
})
