/** `GET /fhir/r4/metadata`: what this facade does, for everybody. */
import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js'
import type { App } from '#server/http/app.ts'
import { type FhirDeps, fhirTags, resourceAnswers } from './fhir-deps.ts'
import { sendJson } from './fhir-reply.ts'

type Resource = CapabilityStatementRestResource
type Parameters = NonNullable<Resource['searchParam']>
type Kind = Parameters[number]['type']

/** Served as long as nothing of it changes; raise it with what is served. */
const STATED_ON = '2026-11-26'

const parameters = (kinds: Readonly<Record<string, Kind>>): Parameters =>
  Object.entries(kinds).map(([name, type]) => ({ name, type }))

const READ = [{ code: 'read' }, { code: 'search-type' }] satisfies Resource['interaction']

const RESOURCES: readonly Resource[] = [
  {
    type: 'Practitioner',
    interaction: READ,
    versioning: 'versioned',
    searchParam: parameters({
      _id: 'token',
      identifier: 'token',
      name: 'string',
      family: 'string',
      given: 'string',
      active: 'token',
    }),
    documentation: 'The doctors of the clinic.',
  },
  {
    type: 'Schedule',
    interaction: READ,
    versioning: 'no-version',
    searchParam: parameters({ _id: 'token', actor: 'reference', date: 'date', active: 'token' }),
    documentation: 'All bookable time of one doctor; it has the id of the Practitioner.',
  },
  {
    type: 'Slot',
    interaction: READ,
    versioning: 'no-version',
    searchParam: parameters({
      schedule: 'reference',
      'schedule.actor': 'reference',
      start: 'date',
      status: 'token',
      'service-type': 'token',
    }),
    documentation:
      'The times of a Schedule, worked out when asked for and never stored: free, or busy without saying why. A search needs a ' +
      'window in start, of at most 62 days. Times of one doctor overlap: whoever books one takes what it touches.',
  },
  {
    type: 'Patient',
    interaction: READ,
    versioning: 'versioned',
    searchParam: parameters({
      _id: 'token',
      identifier: 'token',
      name: 'string',
      family: 'string',
      given: 'string',
      birthdate: 'date',
      gender: 'token',
      telecom: 'token',
      email: 'token',
      phone: 'token',
    }),
    documentation: 'Names are one text: family and given search its words.',
  },
  {
    type: 'Appointment',
    interaction: [...READ, { code: 'create' }, { code: 'update' }],
    versioning: 'versioned-update',
    updateCreate: false,
    conditionalCreate: true,
    searchParam: parameters({
      _id: 'token',
      identifier: 'token',
      _lastUpdated: 'date',
      date: 'date',
      status: 'token',
      actor: 'reference',
      practitioner: 'reference',
      patient: 'reference',
    }),
    documentation:
      'Booking and changing follow the rules of the clinic; what they refuse is an OperationOutcome. An update needs If-Match. ' +
      'Nothing is deleted: an appointment that is not to be is cancelled.',
  },
]

export function registerCapabilityRoute(app: App, { baseUrl }: FhirDeps, version: string): void {
  const schema = { tags: fhirTags, summary: 'What the FHIR facade does', response: resourceAnswers }
  app.get('/metadata', { config: { permission: 'public' }, schema }, async (request, reply) =>
    sendJson(reply, capabilityStatement(baseUrl(request), version)),
  )
}

function capabilityStatement(url: string, version: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: STATED_ON,
    kind: 'instance',
    software: { name: 'Healthcare Appointment System', version },
    implementation: { description: 'Appointments of a clinic', url },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        documentation: 'Unknown search parameters are refused, unless the client prefers handling=lenient.',
        security: {
          cors: false,
          description:
            'Authorization: Bearer TOKEN, with the token of POST /api/v1/auth/login or a personal access token.',
        },
        resource: [...RESOURCES],
      },
    ],
  }
}
