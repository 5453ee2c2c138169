// The words of the product: every language says the same as English, every key that code asks for exists and none lies unused,
// and no screen shows a word that is not in the catalogues. Prints what is wrong, one line each; silent where nothing is.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readUses } from './text-uses.mjs'

/** @typedef {Map<string, string>} Texts text by dotted key */

const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other']
const PLURAL = new RegExp(`^(.*)_(${CATEGORIES.join('|')})$`)

/** @param {string} folder @returns {Map<string, Texts>} by language */
function readCatalogues(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return new Map(
    files.map((file) => [
      basename(file, '.json'),
      new Map(flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), '')),
    ]),
  )
}

/** @param {object} group @param {string} path @returns {[string, string][]} */
function flatten(group, path) {
  return Object.entries(group).flatMap(([name, value]) => {
    const key = path === '' ? name : `${path}.${name}`
    return typeof value === 'string' ? [/** @type {[string, string]} */ ([key, value])] : flatten(value, key)
  })
}

/** The base of a key that has a form for each number, or undefined. @param {Texts} english @param {string} key */
const pluralBase = (english, key) => {
  const base = PLURAL.exec(key)?.[1]
  return base !== undefined && english.has(`${base}_other`) ? base : undefined
}

/** @param {string} text @returns {string[]} what is filled in, sorted */
const slots = (text) => [...text.matchAll(/\{\{?\w+\}?\}/g)].map(([slot]) => slot).sort()

/**
 * What a language has to have: each key, with the English text it must answer to.
 * @param {Texts} english @param {string} language @returns {Texts}
 */
function expected(english, language) {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  /** @type {Texts} */
  const wanted = new Map()
  for (const [key, text] of english) {
    const base = pluralBase(english, key)
    if (base === undefined) wanted.set(key, text)
    else for (const form of forms) wanted.set(`${base}_${form}`, english.get(`${base}_other`) ?? text)
  }
  return wanted
}

/**
 * @param {Texts} english @param {Texts} texts @param {string} language
 * @returns {string[]} what is wrong with that language's catalogue
 */
export function compareTexts(english, texts, language) {
  const wanted = expected(english, language)
  const missing = [...wanted.keys()].filter((key) => !texts.has(key)).map((key) => `${key} is missing`)
  const extra = [...texts.keys()].filter((key) => !wanted.has(key)).map((key) => `${key} is no key of English`)
  const wrong = [...texts].flatMap(([key, text]) => {
    const answer = wanted.get(key)
    return answer === undefined ? [] : judgeText(key, text, answer)
  })
  return [...missing, ...extra, ...wrong].map((problem) => `${language}: ${problem}`)
}

/** @param {string} key @param {string} text @param {string} english @returns {string[]} */
function judgeText(key, text, english) {
  const problems = []
  if (text.trim() !== text || text === '') problems.push(`${key} is empty or has blanks around it`)
  if (/<[a-z!/]|&[a-z]+;/i.test(text)) problems.push(`${key} holds HTML`)
  if (text.endsWith('…') !== english.endsWith('…')) problems.push(`${key} and English do not both end in an ellipsis`)
  // "One visit" and "two visits" may do without the figure; the other forms may not.
  const mayLackCount = CATEGORIES.slice(0, 3).some((form) => key.endsWith(`_${form}`))
  const without = mayLackCount ? /** @param {string} slot */ (slot) => slot !== '{{count}}' : () => true
  if (slots(text).filter(without).join() !== slots(english).filter(without).join()) {
    problems.push(`${key} fills in ${slots(text).join(' ') || 'nothing'}, English ${slots(english).join(' ')}`)
  }
  return problems
}

/**
 * @param {Texts} english
 * @param {import('./text-uses.mjs').Uses} uses
 * @returns {string[]} keys that are asked for in vain, and keys that nobody asks for
 */
export function compareUses(english, { keys, patterns, groups, asked }) {
  const names = new Set([...english.keys()].map((key) => pluralBase(english, key) ?? key))
  const list = [...names]
  const unknown = asked
    .filter(({ key }) => !names.has(key))
    .map(({ key, where }) => `${where}: no text has the key ${key}`)
  const vain = patterns
    .filter(({ pattern, isAsked }) => isAsked && !list.some((name) => pattern.test(name)))
    .map(({ form, where }) => `${where}: no text has a key like ${form}`)
  const unused = list.filter(
    (name) =>
      !keys.has(name) &&
      !groups.some((group) => name.startsWith(`${group}.`)) &&
      !patterns.some(({ pattern }) => pattern.test(name)),
  )
  return [...unknown, ...vain, ...unused.map((name) => `locales: nothing asks for ${name}`)]
}

/** @param {string} root @returns {string[]} every problem of the tree */
export function checkTexts(root) {
  const folder = join(root, 'locales')
  if (!existsSync(folder)) return []
  const problems = []
  for (const place of [folder, join(folder, 'messages')].filter(existsSync)) {
    const catalogues = readCatalogues(place)
    const english = catalogues.get('en') ?? new Map()
    for (const [language, texts] of catalogues) problems.push(...compareTexts(english, texts, language))
  }
  const uses = readUses(root)
  return [...problems, ...compareUses(readCatalogues(folder).get('en') ?? new Map(), uses), ...uses.literals]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkTexts(process.cwd())
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
