/** Finding what a visit is for by its code or any word of its name, as people type them. */
import { hasWordsLike, normalised } from '#domain/people/name-search.ts'
import type { AppointmentType } from './appointment-schemas.ts'

type Named = Pick<AppointmentType, 'code' | 'name'>

/** Those that fit, best first: the code itself, codes with such a part, then names; in the given order within each. */
export function findTypes<Type extends Named>(types: readonly Type[], text: string): Type[] {
  const wanted = normalised(text)
  if (wanted === '') return [...types]
  const rank = ({ code, name }: Named): number => {
    const own = normalised(code)
    if (own === wanted || own.split(' ').includes(wanted)) return 0
    if (hasWordsLike(code, text) || own.replaceAll(' ', '').startsWith(wanted.replaceAll(' ', ''))) return 1
    return hasWordsLike(name, text) ? 2 : Number.POSITIVE_INFINITY
  }
  return types
    .map((type, at) => ({ type, at, rank: rank(type) }))
    .filter((one) => one.rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ type }) => type)
}
