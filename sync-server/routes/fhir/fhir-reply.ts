/** How resources leave: as `application/fhir+json`, with the version they have. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FhirResource, Meta } from 'fhir/r4.js'
import { FHIR_JSON } from './fhir-error.ts'

/** Sends one resource with its version; whoever has that version already is told so (304). */
export function sendResource(request: FastifyRequest, reply: FastifyReply, resource: FhirResource): FastifyReply {
  setVersion(reply, resource.meta)
  const etag = reply.getHeader('etag')
  const known = request.headers['if-none-match']
  if (etag && known?.split(',').some((each) => each.trim() === etag)) {
    return reply.code(304).send()
  }
  return sendJson(reply, resource)
}

/** Sends a resource that has no version: a bundle, the capability statement. */
export const sendJson = (reply: FastifyReply, resource: FhirResource): FastifyReply =>
  reply.header('cache-control', 'no-store').type(FHIR_JSON).send(JSON.stringify(resource))

/** ETag and Last-Modified of a resource that is made or changed by this answer. */
export function setVersion(reply: FastifyReply, meta: Meta | undefined): void {
  if (meta?.versionId !== undefined) reply.header('etag', `W/"${meta.versionId}"`)
  if (meta?.lastUpdated !== undefined) reply.header('last-modified', new Date(meta.lastUpdated).toUTCString())
}
