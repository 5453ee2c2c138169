/** Weekly hours added, replaced, changed and ended: from a day on, never for days that are over. */
import type { ChangeOf, WeeklyRangeBody } from '#domain/api/availability-api.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, isLocalDay, type LocalDay, laterDay, type Zone } from '#domain/time/clinic-time.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listTemplates } from '#server/repositories/hours.ts'
import {
  doctorToPlan,
  type PlanAnswer,
  type PlannedWrite,
  type Planning,
  planned,
  todayAt,
  unplanned,
  zoneOfPlace,
} from './availability-plan.ts'

type Template = WireDocument<'schedule_templates'>
type Write = PlannedWrite<'schedule_templates'>

/** Adds weekly ranges to a doctor's hours. */
export async function planAddedHours(planning: Planning, change: ChangeOf<'add-hours'>): Promise<PlanAnswer> {
  const found = await doctorToPlan(planning, change.doctorId)
  if (!found.ok) return found
  const zone = await zoneOfPlace(planning, found.doctor.locationId)
  return refuseValidity(planning, zone, change) ?? planned(newRanges(planning, change, zone))
}

/** Puts weekly ranges in the place of all there are while they are valid; before and after, the old ones apply. */
export async function planReplacedHours(planning: Planning, change: ChangeOf<'replace-hours'>): Promise<PlanAnswer> {
  const found = await doctorToPlan(planning, change.doctorId)
  if (!found.ok) return found
  const zone = await zoneOfPlace(planning, found.doctor.locationId)
  const refusal = refuseValidity(planning, zone, change)
  if (refusal) return refusal
  const templates = await listTemplates(planning.tx, planning.clinicId, [change.doctorId])
  const cut = templates.flatMap((template) => cutOut(planning, { ...template, _deleted: false }, change))
  return planned([...cut, ...newRanges(planning, change, zone)])
}

/** Lets one weekly range be another from a day on. */
export async function planChangedHours(planning: Planning, change: ChangeOf<'change-hours'>): Promise<PlanAnswer> {
  const { kind: _, templateId, from, ...wanted } = change
  const found = await templateToPlan(planning, templateId)
  if (!found.ok) return found
  const { template } = found
  if (!isLocalDay(from)) return unplanned('invalid-document', 'from')
  if (from < todayAt(planning, template.zone)) return unplanned('in-the-past', 'from')
  if (template.validUntil !== null && from > template.validUntil) return unplanned('end-before-start', 'from')
  const start = laterDay(from, template.validFrom)
  const changed = { ...template, ...wanted, validFrom: start }
  if (start === template.validFrom) return planned([write(template, changed)])
  return planned([
    write(template, { ...template, validUntil: addDays(start, -1) }),
    write(null, { ...changed, id: planning.newId(), revision: 0 }),
  ])
}

/** Ends one weekly range after a day; one that would never apply is deleted. */
export async function planEndedHours(planning: Planning, change: ChangeOf<'end-hours'>): Promise<PlanAnswer> {
  const found = await templateToPlan(planning, change.templateId)
  if (!found.ok) return found
  const { template } = found
  const { lastDay } = change
  if (!isLocalDay(lastDay)) return unplanned('invalid-document', 'lastDay')
  if (lastDay < addDays(todayAt(planning, template.zone), -1)) return unplanned('in-the-past', 'lastDay')
  if (template.validUntil !== null && template.validUntil <= lastDay) return planned([])
  if (lastDay < template.validFrom) return planned([write(template, { ...template, _deleted: true })])
  return planned([write(template, { ...template, validUntil: lastDay })])
}

async function templateToPlan(planning: Planning, id: Template['id']) {
  const template = await findDocument(planning.tx, 'schedule_templates', id)
  if (!template || template._deleted || template.clinicId !== planning.clinicId)
    return unplanned('not-found', 'templateId')
  const found = await doctorToPlan(planning, template.doctorId)
  return found.ok ? ({ ok: true, template } as const) : found
}

const write = (before: Template | null, after: Template): Write => ({ name: 'schedule_templates', before, after })

type Validity = { readonly validFrom: LocalDay; readonly validUntil: LocalDay | null }

function refuseValidity(planning: Planning, zone: Zone, { validFrom, validUntil }: Validity) {
  if (!isLocalDay(validFrom)) return unplanned('invalid-document', 'validFrom')
  if (validUntil !== null && !isLocalDay(validUntil)) return unplanned('invalid-document', 'validUntil')
  if (validUntil !== null && validUntil < validFrom) return unplanned('end-before-start', 'validUntil')
  return validFrom < todayAt(planning, zone) ? unplanned('in-the-past', 'validFrom') : undefined
}

function newRanges(
  { clinicId, newId }: Planning,
  { doctorId, ranges, validFrom, validUntil }: ChangeOf<'add-hours' | 'replace-hours'>,
  zone: Zone,
): Write[] {
  const toTemplate = (range: WeeklyRangeBody): Template => ({
    ...range,
    id: newId(),
    clinicId,
    doctorId,
    zone,
    validFrom,
    validUntil,
    revision: 0,
    _deleted: false,
  })
  return ranges.map((range) => write(null, toTemplate(range)))
}

/** Takes the days of a validity out of a template: what is left before them, and what is left after. */
function cutOut({ newId }: Planning, template: Template, { validFrom, validUntil }: Validity): Write[] {
  const isOver = template.validUntil !== null && template.validUntil < validFrom
  const isLater = validUntil !== null && template.validFrom > validUntil
  if (isOver || isLater) return []
  const before = template.validFrom < validFrom ? { ...template, validUntil: addDays(validFrom, -1) } : undefined
  const goesOn = validUntil !== null && (template.validUntil === null || template.validUntil > validUntil)
  const after = goesOn ? { ...template, validFrom: addDays(validUntil, 1) } : undefined
  if (!before && !after) return [write(template, { ...template, _deleted: true })]
  if (!before || !after) return [write(template, { ...template, ...before, ...after })]
  return [write(template, before), write(null, { ...after, id: newId(), revision: 0 })]
}
