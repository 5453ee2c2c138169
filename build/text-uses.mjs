// What the code asks of the catalogues, read from its syntax trees, and the words it shows without asking.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'

/**
 * @typedef {object} Uses
 * @property {Set<string>} keys every string in the code: a key may travel through a variable before it is asked for
 * @property {{ pattern: RegExp, form: string, where: string, isAsked: boolean }[]} patterns keys that are put together
 * @property {string[]} groups lists whose every entry may be asked for by a code of the server
 * @property {{ key: string, where: string }[]} asked keys written out in a call
 * @property {string[]} literals words on screen that come from no catalogue
 */

/** @typedef {{ type?: string, [name: string]: any }} Node */

const AREAS = ['src-domain', 'src-main', 'src-renderer', 'src-reports', 'sync-server']
/** Attributes that are read out or shown. */
const SHOWN = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'description',
  'error',
  'label',
])
for (const name of ['placeholder', 'title', 'aria-valuetext', 'nothingFoundMessage']) SHOWN.add(name)
const ASKING = new Set(['t', 'translate'])
const LETTER = /\p{L}/u

/** @param {string} root @returns {Uses} */
export function readUses(root) {
  /** @type {Uses} */
  const uses = { keys: new Set(), patterns: [], groups: [], asked: [], literals: [] }
  for (const area of AREAS.filter((name) => existsSync(join(root, name)))) {
    for (const file of sourcesOf(join(root, area))) readFile(join(root, area, file), `${area}/${file}`, uses)
  }
  return uses
}

/** @param {string} folder @returns {string[]} */
const sourcesOf = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))

/** @param {string} path @param {string} where @param {Uses} uses */
function readFile(path, where, uses) {
  const tree = parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', tsx: path.endsWith('.tsx') })
  walk(tree, (node) => readNode(node, where, uses))
}

/** @param {unknown} value @param {(node: Node) => void} visit */
function walk(value, visit) {
  if (Array.isArray(value)) for (const each of value) walk(each, visit)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const node = /** @type {Node} */ (value)
  if (typeof node.type === 'string') visit(node)
  for (const [name, child] of Object.entries(node)) if (name !== 'span') walk(child, visit)
}

/** @param {Node} node @param {string} where @param {Uses} uses */
function readNode(node, where, uses) {
  if (node.type === 'StringLiteral') uses.keys.add(node.value)
  if (node.type === 'TemplateLiteral' && isPutTogether(node)) {
    uses.patterns.push({ ...patternOf(node), where, isAsked: false })
  }
  if (node.type === 'CallExpression') readCall(node, where, uses)
  // A catalogue that is read as a value: all of the named group is used.
  if (node.type === 'MemberExpression' && node.object.value === 'en') uses.groups.push(node.property.value)
  if (node.type === 'JSXText' && LETTER.test(node.value)) uses.literals.push(literal(where, node.value))
  if (node.type === 'JSXAttribute' && SHOWN.has(nameOf(node.name))) readShown(node.value, where, uses)
  if (node.type === 'KeyValueProperty' && node.key.type === 'StringLiteral' && SHOWN.has(node.key.value)) {
    readShown(node.value, where, uses)
  }
  if (node.type === 'JSXExpressionContainer') readShown(node.expression, where, uses, true)
}

/** @param {Node} node @param {string} where @param {Uses} uses */
function readCall({ callee, arguments: given }, where, uses) {
  const name = callee.type === 'MemberExpression' ? callee.property.value : callee.value
  const [first, second] = given.map((/** @type {Node} */ { expression }) => expression)
  if (name === 'wordOf' && second?.type === 'StringLiteral') uses.groups.push(second.value)
  if (!ASKING.has(name) || !first) return
  for (const key of endsOf(first)) {
    if (key.type === 'StringLiteral') uses.asked.push({ key: key.value, where })
    if (key.type === 'TemplateLiteral') uses.patterns.push({ ...patternOf(key), where, isAsked: true })
  }
}

/** Every expression that may come out of this one. @param {Node} node @returns {Node[]} */
function endsOf(node) {
  if (node.type === 'ConditionalExpression') return [...endsOf(node.consequent), ...endsOf(node.alternate)]
  if (node.type === 'ParenthesisExpression') return endsOf(node.expression)
  if (node.type === 'BinaryExpression' && node.operator !== '+') return [...endsOf(node.left), ...endsOf(node.right)]
  return [node]
}

/** Words in an attribute or between tags, not in what they call. @param {Node | undefined} value @param {string} where @param {Uses} uses */
function readShown(value, where, uses, isChild = false) {
  if (!value) return
  if (value.type === 'JSXExpressionContainer') return readShown(value.expression, where, uses, isChild)
  for (const { type, value: text, quasis } of endsOf(value)) {
    // Strings in containers are also classes and the like; a sentence has a blank in it and a capital before.
    if (type === 'StringLiteral' && LETTER.test(text) && (!isChild || /^\p{Lu}.* /u.test(text))) {
      uses.literals.push(literal(where, text))
    }
    if (type !== 'TemplateLiteral' || isChild) continue
    const words = quasis.map((/** @type {Node} */ { cooked }) => cooked).join(' ')
    if (LETTER.test(words)) uses.literals.push(literal(where, words))
  }
}

/** @param {string} where @param {string} text */
const literal = (where, text) => `${where}: “${text.trim()}” is in no catalogue`

/** A template that begins like a key of a group. @param {Node} node */
const isPutTogether = ({ quasis }) => quasis.length > 1 && /^[a-z-]+(\.[a-z-]+)*\.$/.test(quasis[0].cooked ?? '')

/** @param {Node} node */
function patternOf({ quasis }) {
  const pieces = quasis.map((/** @type {Node} */ { cooked }) => cooked)
  return { pattern: new RegExp(`^${pieces.map(RegExp.escape).join('.+')}$`), form: pieces.join('…') }
}

/** @param {Node} name */
const nameOf = ({ type, value, namespace, name }) =>
  type === 'JSXNamespacedName' ? `${namespace.value}:${name.value}` : value
