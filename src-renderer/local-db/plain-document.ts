/** Documents as screens want them: plain, frozen in use, and the same object as long as nothing changed. */
import type { RxDocument } from 'rxdb'

const plain = new WeakMap<object, unknown>()

/** The content of a document without RxDB's bookkeeping. RxDB keeps one RxDocument per state, so identity follows. */
export function plainOf<Doc>(document: RxDocument<Doc>): Doc {
  const known = plain.get(document)
  if (known) return known as Doc
  const content = document.toJSON() as Doc
  plain.set(document, content)
  return content
}
