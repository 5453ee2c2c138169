/** Failures as FHIR tells them: an OperationOutcome. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'
import type { ApiError } from '#server/http/api-error.ts'
import { answerError, toKnownError } from '#server/http/error-handler.ts'
import type { ErrorCode } from '#server/http/error-table.ts'

export const FHIR_JSON = 'application/fhir+json; charset=utf-8'

type IssueCode = OperationOutcomeIssue['code']

/** A refusal that only FHIR knows: a search parameter, an element, a format. */
export class FhirError extends Error {
  override readonly name = 'FhirError'
  readonly status: number
  readonly issue: IssueCode
  /** FHIRPath of the element, or the name of the parameter. */
  readonly expression: string | undefined

  constructor(status: number, issue: IssueCode, text: string, expression?: string) {
    super(text)
    this.status = status
    this.issue = issue
    this.expression = expression
  }
}

/** Fastify's error handler for everything under the FHIR address, what fails before a route is reached included. */
export function answerFhirError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof FhirError) {
    request.refusalCode = error.issue
    const expression = error.expression === undefined ? [] : [error.expression]
    answerOutcome(reply, error.status, issueOf(error.issue, undefined, error.message, expression), request.id)
    return
  }
  const known = toKnownError(error)
  request.refusalCode = known.code
  if (known.status >= 500) request.log.error({ err: error }, 'request failed')
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  if (known.status === 401) reply.header('www-authenticate', 'Bearer')
  const status = STATUSES[known.code] ?? known.status
  answerOutcome(reply, status, issueOf(issueCodeOf(known), known.code, known.message, pathsOf(known)), request.id)
}

/** What is no address at all, told in the words of the door it was meant for. */
export function answerUnroutable(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = request.url.startsWith('/fhir/') ? answerFhirError : answerError
  answer(error, request, reply)
}

/** Nothing is served at this address: a resource type or an interaction that this server does not have. */
export function answerFhirNotFound(request: FastifyRequest, reply: FastifyReply): void {
  answerFhirError(
    new FhirError(404, 'not-supported', 'This server does not serve this. GET /fhir/r4/metadata says what it does.'),
    request,
    reply,
  )
}

function answerOutcome(reply: FastifyReply, status: number, issue: OperationOutcomeIssue, requestId: string): void {
  const outcome: OperationOutcome = {
    resourceType: 'OperationOutcome',
    issue: [{ ...issue, diagnostics: `Request ${requestId}` }],
  }
  reply.header('cache-control', 'no-store').type(FHIR_JSON).status(status).send(JSON.stringify(outcome))
}

function issueOf(code: IssueCode, ours: ErrorCode | undefined, text: string, expression: string[]) {
  return {
    severity: 'error',
    code,
    details: { ...(ours !== undefined && { coding: [{ system: PROBLEMS, code: ours }] }), text },
    ...(expression.length > 0 && { expression }),
  } as const satisfies OperationOutcomeIssue
}

/** The code system of our own error codes, as the REST API spells them. */
const PROBLEMS = 'urn:healthcare-appointment-system:problem'

/** Where FHIR asks for another status than the REST API gives. */
const STATUSES: Partial<Record<ErrorCode, number>> = { 'stale-revision': 412 }

const ISSUES: Partial<Record<ErrorCode, IssueCode>> = {
  'not-signed-in': 'login',
  'not-allowed': 'forbidden',
  'not-found': 'not-found',
  gone: 'deleted',
  'stale-revision': 'conflict',
  'slot-taken': 'conflict',
  'patient-busy': 'conflict',
  'status-jump': 'business-rule',
  'unknown-reference': 'not-found',
  'missing-field': 'required',
  'malformed-json': 'structure',
  'too-many-requests': 'throttled',
  'body-too-large': 'too-long',
}

function issueCodeOf({ code, status }: ApiError): IssueCode {
  const known = ISSUES[code]
  if (known) return known
  if (status === 403) return 'forbidden'
  if (status === 409) return 'conflict'
  if (status === 422) return 'business-rule'
  if (status === 503) return 'transient'
  return status >= 500 ? 'exception' : 'invalid'
}

/** Our fields and the elements in which FHIR carries them. */
const ELEMENTS: Readonly<Record<string, string>> = {
  start: 'Appointment.start',
  end: 'Appointment.end',
  status: 'Appointment.status',
  doctorId: 'Appointment.participant',
  patientId: 'Appointment.participant',
  typeId: 'Appointment.serviceType',
  reason: 'Appointment.reasonCode',
  note: 'Appointment.comment',
  cancelReason: 'Appointment.cancelationReason',
  revision: 'Appointment.meta.versionId',
}

function pathsOf({ field }: ApiError): string[] {
  const element = field === undefined ? undefined : ELEMENTS[field]
  return element === undefined ? [] : [element]
}
