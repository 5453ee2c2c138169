import type { ClinicId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { demoId } from './demo-ids.ts'
import { type DemoFamily, demoName } from './demo-names.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

const ALERTS = [
  'Penicillin allergy',
  'Latex allergy',
  'Takes warfarin',
  'Type 1 diabetes',
  'Epilepsy',
  'Wheelchair: needs room 2 or 5',
  'Hard of hearing: face the patient',
  'Assistance dog',
  'Do not leave messages at home',
]

const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  pl: 'Polish',
  es: 'Spanish',
  tr: 'Turkish',
  vi: 'Vietnamese',
  uk: 'Ukrainian',
  el: 'Greek',
  ar: 'Arabic',
  he: 'Hebrew',
  hi: 'Hindi',
  zh: 'Mandarin',
  ja: 'Japanese',
  ko: 'Korean',
}

/** Years of age from, up to, and the share of patients in percent: a practice sees more of the very young and the old. */
const AGES: readonly (readonly [number, number, number])[] = [
  [0, 5, 9],
  [6, 17, 13],
  [18, 34, 18],
  [35, 54, 22],
  [55, 74, 24],
  [75, 97, 14],
]

/** Ages are counted from this day, so that the same people come back whatever day the demo is started on. */
const AGES_ON: LocalDay = '2026-01-01'

/** `count` patients. Every other child belongs to the adult before it: family name, phone and e-mail are the same. */
export function demoPatients(seed: number, clinicId: ClinicId, count: number): Patient[] {
  const random = seededRandom(seed ^ 0x50a71e17)
  const patients: Patient[] = []
  let parent: { readonly patient: Patient; readonly family: DemoFamily } | undefined
  for (let index = 0; index < count; index += 1) {
    const birthDate = birthDateOf(random)
    const isChild = birthDate > addDays(AGES_ON, -18 * 365)
    const relative = isChild && random.chance(0.5) ? parent : undefined
    const sex = random.chance(0.53) ? 'female' : 'male'
    const { name, language, family } = demoName(random, sex, relative?.family)
    const patient: Patient = {
      id: demoId(seed, 'Patient', index),
      clinicId,
      userId: null,
      name,
      birthDate,
      gender: random.chance(0.008) ? 'other' : sex,
      phone: relative?.patient.phone ?? phoneOf(random),
      email: relative?.patient.email ?? emailOf(random, name, index),
      alerts: alertsOf(random, language),
      note: random.chance(0.03) ? 'Prefers a call in the afternoon.' : '',
      revision: 1,
    }
    patients.push(patient)
    if (!isChild && birthDate > addDays(AGES_ON, -50 * 365)) parent = { patient, family }
  }
  return patients
}

function birthDateOf(random: SeededRandom): LocalDay {
  let left = random.next() * 100
  const [from, to] = AGES.find(([, , share]) => {
    left -= share
    return left < 0
  }) ?? [35, 54]
  return addDays(AGES_ON, -Math.floor((from + random.next() * (to - from + 1)) * 365.25) - 1)
}

/** Numbers Ofcom keeps free for drama: 07700 900000 to 900999 and 020 7946 0000 to 0999. */
function phoneOf(random: SeededRandom): string {
  if (random.chance(0.06)) return ''
  const digits = String(random.between(0, 999)).padStart(3, '0')
  return random.chance(0.8) ? `07700 900${digits}` : `020 7946 0${digits}`
}

/** Addresses under the domains RFC 2606 keeps free for examples. */
function emailOf(random: SeededRandom, name: string, index: number): string {
  if (random.chance(0.22)) return ''
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f']/g, '')
    .replace(/[łŁ]/g, 'l')
    .replace(/[øØ]/g, 'o')
    .replace(/[đĐ]/g, 'd')
    .replace(/ı/g, 'i')
    .replace(/ß/g, 'ss')
    .toLowerCase()
  const isPlain = /^[a-z]+( [a-z]+)+$/.test(plain)
  const local = isPlain ? `${plain.replaceAll(' ', '.')}${index}` : `patient${index}`
  return `${local}@${random.pick(['example.com', 'example.org', 'example.net'])}`
}

function alertsOf(random: SeededRandom, language: string): string[] {
  const alerts: string[] = []
  if (random.chance(0.08)) alerts.push(random.pick(ALERTS))
  const spoken = LANGUAGE_NAMES[language]
  if (spoken && random.chance(0.15)) alerts.push(`Interpreter needed: ${spoken}`)
  return alerts
}
