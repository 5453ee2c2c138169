/**
 * ETag and If-Match (RFC 9110, sections 8.8.3 and 13.1.1): a document's entity tag is its revision, and a change says which
 * one its author saw. Appointments take the revision in the body as well; where both are given, both must fit.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SeenRevision } from '#server/operations/seen-revision.ts'
import { ApiError } from './api-error.ts'

/** Marks an answer that holds one document. */
export function tag<Answer>(reply: FastifyReply, revision: number, answer: Answer): Answer {
  reply.header('etag', `"${revision}"`)
  return answer
}

const TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/
const COUNT = /^(0|[1-9][0-9]{0,9})$/

/** What the author of a change saw. A change that does not say so is refused: it could undo what it has not seen. */
export function seenRevision(request: FastifyRequest): SeenRevision {
  const header = request.headers['if-match']
  const { revision } = (request.body ?? {}) as { readonly revision?: number }
  if (header === undefined) {
    if (revision === undefined) throw new ApiError('revision-missing', { field: 'if-match' })
    return revision
  }
  const seen = parse(header)
  if (revision === undefined || seen === 'any') return revision ?? seen
  return seen.includes(revision) ? revision : []
}

/** Weak tags never match here, nor do those of another making; both are well-formed all the same. */
function parse(header: string): 'any' | readonly number[] {
  if (header.trim() === '*') return 'any'
  const tags = header.split(',').map((part) => TAG.exec(part.trim()))
  if (tags.some((found) => found === null)) {
    throw new ApiError('invalid-field', {
      field: 'if-match',
      message: '"if-match" must be "*" or entity tags in quotes.',
    })
  }
  return tags.flatMap((found) => (found?.[1] === undefined && COUNT.test(found?.[2] ?? '') ? [Number(found?.[2])] : []))
}
