/** The REST API's own description (OpenAPI 3.1), made of the routes' schemas, and a page that shows it. */
import { createHash } from 'node:crypto'
import swaggerPlugin from '@fastify/swagger'
import apiReferencePlugin from '@scalar/fastify-api-reference'
import Type from 'typebox'
import { errorAnswerSchema, PROBLEM_TYPE } from '#domain/api/error-schema.ts'
import { contentSecurityPolicy } from '#domain/security/content-security-policy.ts'
import type { App } from './app.ts'

export const OPENAPI_PATH = '/api/v1/openapi.json'
export const DOCS_PATH = '/api/v1/docs'

const failure = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: errorAnswerSchema } },
})
/** How every route can fail; no route needs to say so. */
const FAILURES = {
  '4xx': failure('The request cannot be served as it is; `GET /api/v1/problems` lists the codes'),
  '5xx': failure('The server failed, or is too busy or about to restart: try again later'),
}

/** Collects every route registered from here on; call it before the routes. */
export async function collectOpenApi(app: App, version: string): Promise<void> {
  await app.register(swaggerPlugin, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Healthcare Appointment System',
        version,
        description:
          'Instants are whole milliseconds since 1970 in UTC, local days are `YYYY-MM-DD` in the zone of the clinic. ' +
          'An error has one shape everywhere (problem details, RFC 9457): a code for programs, a sentence for people, and every ' +
          'field that is wrong. Answers carry `RateLimit` and `RateLimit-Policy`; whoever gets 429 or 503 waits `Retry-After` seconds.',
      },
      tags: [
        { name: 'auth', description: 'Sign in and out, sessions, and the ticket for the sync socket' },
        { name: 'registration', description: 'How patients come to an account by themselves' },
        { name: 'me', description: 'The own account' },
        { name: 'patients', description: 'Records of patients, and the accounts that belong to them' },
        { name: 'users', description: 'Who belongs to the clinic, and invitations' },
        { name: 'roles', description: 'Roles, permissions, and what is in them' },
        { name: 'tokens', description: 'Access tokens for programs of third parties' },
        { name: 'devices', description: 'The machines people sign in on' },
        { name: 'appointments', description: 'Book, move, cancel and follow appointments' },
        { name: 'availability', description: 'Hours, leave and holidays: what a change strands, and the change' },
        { name: 'slots', description: 'Free times, and how far they lie' },
        { name: 'privacy', description: 'A copy of all data about a patient, its erasure, and legal holds' },
        { name: 'activity', description: 'The audit log, as administrators read it' },
        {
          name: 'webhooks',
          description: 'Events sent to other systems, signed after the Standard Webhooks specification',
        },
        { name: 'calendar', description: 'Visits in calendars that read iCalendar' },
        {
          name: 'fhir',
          description: 'Appointments in the words of HL7 FHIR R4; resources are described by that standard',
        },
        { name: 'doctors', description: 'Who can be booked' },
        { name: 'schedules', description: 'Dated changes of hours: leave and extra hours' },
        { name: 'schedule-templates', description: 'The weekly hours' },
        { name: 'appointment-types', description: 'What can be booked, how long it takes, who may book it' },
        { name: 'rooms', description: 'Where visits take place' },
        { name: 'sync', description: 'What a third party needs to build a replica of its own' },
        { name: 'setup', description: 'The first clinic and its first administrator' },
        { name: 'health', description: 'Whether the server is alive and ready' },
      ],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token that `POST /api/v1/auth/login` answers with',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const permission = route.config?.permission
      const security = permission === 'public' ? [] : [{ bearer: [] }]
      const isForPermission = permission !== 'public' && permission !== 'signed-in' && permission !== 'own-account'
      const needs = isForPermission ? { 'x-permission': permission } : {}
      // FHIR fails in words of its own, and says so.
      const failures = url.startsWith('/fhir/') ? {} : FAILURES
      const response = { ...(schema?.response as object | undefined), ...failures }
      return { schema: { ...schema, ...needs, security, response }, url }
    },
  })
}

/** `GET /api/v1/openapi.json`. */
export function registerOpenApi(app: App): void {
  const schema = { tags: ['health'], summary: 'This description', response: { 200: Type.Unknown() } }
  app.get(OPENAPI_PATH, { config: { permission: 'public', isQuiet: true }, schema }, async (_, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  )
}

/** `GET /api/v1/docs/`: the description as a page. All of it comes from this server; nothing is fetched from outside. */
export async function registerApiDocs(app: App): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, permission: 'public', isQuiet: true }
    })
    docs.addHook('onSend', async (_, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html')
      if (isPage && typeof payload === 'string') reply.header('content-security-policy', policyFor(payload))
    })
    await docs.register(apiReferencePlugin, {
      routePrefix: DOCS_PATH,
      configuration: {
        url: OPENAPI_PATH,
        pageTitle: 'Healthcare Appointment System: REST API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      } as never,
    })
  })
}

/** Our policy, plus exactly the inline scripts that stand in the page. */
function policyFor(page: string): string {
  const scripts = [...page.matchAll(/<script(?:\s[^>]*)?>([\s\S]*?)<\/script>/g)].map(([, content = '']) => content)
  const hashes = scripts
    .filter((content) => content.trim() !== '')
    .map((content) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`)
  return contentSecurityPolicy().replace("script-src 'self'", ["script-src 'self'", ...hashes].join(' '))
}
