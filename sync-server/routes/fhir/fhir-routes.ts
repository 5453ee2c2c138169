/**
 * `/fhir/r4`: a facade in FHIR's words (R4) over the operations that REST calls. Nothing here decides anything: rights, rules of
 * booking and the audit are those of the operations.
 */
import type { App } from '#server/http/app.ts'
import { throughDoor } from '#server/operations/session.ts'
import { registerCapabilityRoute } from './capability-statement.ts'
import { registerFhirAppointmentRoutes } from './fhir-appointment-routes.ts'
import type { FhirDeps } from './fhir-deps.ts'
import { answerFhirError, answerFhirNotFound } from './fhir-error.ts'
import { createBaseUrl, FHIR_PATH, refuseOtherFormats } from './fhir-request.ts'
import { registerFhirSlotRoutes } from './fhir-slot-routes.ts'
import { registerPatientRoutes } from './patient-routes.ts'
import { registerPractitionerRoutes, registerScheduleRoutes } from './practitioner-routes.ts'

export type FhirRouteOptions = Omit<FhirDeps, 'baseUrl'> & {
  readonly publicUrl: string | null
  readonly version: string
}

export async function registerFhirRoutes(app: App, { publicUrl, version, ...parts }: FhirRouteOptions): Promise<void> {
  const deps: FhirDeps = { ...parts, baseUrl: createBaseUrl(publicUrl) }
  await app.register(
    async (fhir: App) => {
      fhir.setErrorHandler(answerFhirError)
      fhir.setNotFoundHandler(answerFhirNotFound)
      fhir.addContentTypeParser(
        'application/fhir+json',
        { parseAs: 'string' },
        fhir.getDefaultJsonParser('error', 'error'),
      )
      fhir.addHook('onRequest', async (request) => {
        if (request.session) request.session = throughDoor(request.session, 'fhir')
      })
      fhir.addHook('preValidation', refuseOtherFormats)
      registerCapabilityRoute(fhir, deps, version)
      registerPractitionerRoutes(fhir, deps)
      registerPatientRoutes(fhir, deps)
      registerScheduleRoutes(fhir, deps)
      registerFhirSlotRoutes(fhir, deps)
      registerFhirAppointmentRoutes(fhir, deps)
    },
    { prefix: FHIR_PATH },
  )
}
