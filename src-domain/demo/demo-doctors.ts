import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { ClinicId, DoctorId, LocationId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { demoId } from './demo-ids.ts'

type DoctorSketch = readonly [name: string, languages: string, bio: string]
type TypeSketch = {
  readonly code: string
  readonly name: string
  readonly minutes: number
  /** How often it is booked, relative to the others of the specialization. */
  readonly weight: number
  readonly bufferAfter?: number
  readonly isOnline?: false
}
/** Whom a specialization sees. */
export type PatientGroup = 'everyone' | 'adults' | 'children' | 'women'
type SpecializationSketch = {
  readonly name: string
  readonly sees: PatientGroup
  readonly doctors: readonly DoctorSketch[]
  readonly types: readonly TypeSketch[]
  readonly reasons: readonly string[]
}

export const SPECIALIZATIONS: readonly SpecializationSketch[] = [
  {
    name: 'General practice',
    sees: 'everyone',
    doctors: [
      [
        'Dr Amara Okafor',
        'en ig',
        'Family doctor since 2009, with an interest in long-term conditions and care after hospital.',
      ],
      [
        'Dr Tomasz Wiśniewski',
        'en pl de',
        'Family doctor and trainer of young colleagues. Runs the blood pressure clinic.',
      ],
    ],
    types: [
      { code: 'GP-15', name: 'Consultation', minutes: 15, weight: 6 },
      { code: 'GP-30', name: 'Long consultation', minutes: 30, weight: 2 },
      { code: 'GP-BP', name: 'Blood pressure check', minutes: 10, weight: 2 },
    ],
    reasons: [
      'Cough for two weeks',
      'Tired all the time',
      'Back pain',
      'Medication review',
      'Sore throat',
      'Travel vaccination',
      '',
    ],
  },
  {
    name: 'Paediatrics',
    sees: 'children',
    doctors: [
      [
        'Dr Siân Llewellyn',
        'en cy',
        'Looks after children from birth to 17, with a special interest in asthma and allergies.',
      ],
      ['Dr Yusuf Haddad', 'en ar fr', 'Paediatrician. Growth, feeding and sleep; sees new parents without hurry.'],
    ],
    types: [
      { code: 'PAED-15', name: "Child's consultation", minutes: 15, weight: 5 },
      { code: 'PAED-20', name: 'Development check', minutes: 20, weight: 3 },
      { code: 'PAED-VAC', name: 'Vaccination', minutes: 10, weight: 2, bufferAfter: 5 },
    ],
    reasons: ['Ear ache', 'Fever', 'Asthma review', 'Eight-week check', 'Rash', 'Second vaccination', ''],
  },
  {
    name: 'Cardiology',
    sees: 'adults',
    doctors: [
      [
        'Dr Ioanna Papadopoulou',
        'en el',
        'Cardiologist for rhythm disorders and heart failure. Reads every ECG herself.',
      ],
      [
        'Dr Rajesh Kumar',
        'en hi pa',
        'Cardiologist. Prevention, high blood pressure and the way back after a heart attack.',
      ],
    ],
    types: [
      { code: 'CARD-20', name: 'Cardiology follow-up', minutes: 20, weight: 5 },
      { code: 'CARD-30', name: 'First cardiology visit', minutes: 30, weight: 2 },
      { code: 'CARD-ECG', name: 'ECG', minutes: 15, weight: 4 },
    ],
    reasons: [
      'Palpitations',
      'Chest tightness on stairs',
      'Follow-up after stent',
      'Raised blood pressure',
      'ECG before surgery',
      '',
    ],
  },
  {
    name: 'Dermatology',
    sees: 'everyone',
    doctors: [
      ['Dr Jürgen Weiß', 'en de', 'Dermatologist. Skin cancer checks and small surgery under local anaesthetic.'],
      ['Dr Nguyễn Thị Hương', 'en vi fr', 'Dermatologist for eczema, psoriasis and skin trouble of the young.'],
    ],
    types: [
      { code: 'DERM-15', name: 'Skin consultation', minutes: 15, weight: 5 },
      { code: 'DERM-20', name: 'Full skin check', minutes: 20, weight: 3 },
      { code: 'DERM-OP', name: 'Minor skin surgery', minutes: 30, weight: 1, bufferAfter: 10, isOnline: false },
    ],
    reasons: ['Mole has changed', 'Eczema', 'Acne', 'Yearly skin check', 'Itching', 'Stitches out', ''],
  },
  {
    name: "Women's health",
    sees: 'women',
    doctors: [
      ['Dr Beatriz Gonçalves', 'en pt es', 'Gynaecologist. Pregnancy care and ultrasound.'],
      ['Dr Ruth Mizrahi', 'en he', 'Gynaecologist for contraception, cycle disorders and the menopause.'],
    ],
    types: [
      { code: 'WOM-20', name: "Women's health visit", minutes: 20, weight: 5 },
      { code: 'WOM-15', name: 'Smear test', minutes: 15, weight: 3 },
      { code: 'WOM-30', name: 'Pregnancy check with ultrasound', minutes: 30, weight: 2 },
    ],
    reasons: ['Contraception', 'Smear test', '20-week scan', 'Irregular cycle', 'Hot flushes', ''],
  },
  {
    name: 'Orthopaedics',
    sees: 'adults',
    doctors: [
      ['Dr Callum MacDonald', 'en gd', 'Orthopaedic surgeon for knees and hips; former team doctor of a rugby club.'],
      ['Dr Chen Wei', 'en zh', 'Hand and shoulder specialist. Injections and care after fractures.'],
    ],
    types: [
      { code: 'ORTH-15', name: 'Fracture follow-up', minutes: 15, weight: 5 },
      { code: 'ORTH-20', name: 'Joint consultation', minutes: 20, weight: 4 },
      { code: 'ORTH-INJ', name: 'Joint injection', minutes: 20, weight: 1, bufferAfter: 5, isOnline: false },
    ],
    reasons: ['Knee pain', 'Wrist fracture, week 4', 'Frozen shoulder', 'Hip pain at night', 'Plaster check', ''],
  },
]

/** A bookable kind of visit together with what the generator needs to choose it. */
export type DemoVisitType = { readonly type: AppointmentType; readonly weight: number }
/** A doctor, what may be booked there, by whom, and why. */
export type DemoDoctor = {
  readonly doctor: Doctor
  readonly visitTypes: readonly DemoVisitType[]
  readonly sees: PatientGroup
  readonly reasons: readonly string[]
}

/** Twelve doctors in six specializations, with their types of visit. */
export function demoDoctors(seed: number, clinicId: ClinicId, locationId: LocationId): DemoDoctor[] {
  let typeIndex = 0
  return SPECIALIZATIONS.flatMap((specialization, group) => {
    const places = specialization.doctors.map((_, index) => group * 2 + index)
    const doctorIds = places.map((place) => demoId(seed, 'Doctor', place))
    const visitTypes = specialization.types.map((sketch) => {
      const id = demoId(seed, 'AppointmentType', typeIndex)
      typeIndex += 1
      return { type: { ...toType(sketch, doctorIds), id, clinicId }, weight: sketch.weight }
    })
    return specialization.doctors.map(([name, languages, bio], index) => {
      const place = group * 2 + index
      const doctor: Doctor = {
        id: demoId(seed, 'Doctor', place),
        clinicId,
        userId: null,
        locationId,
        name,
        specialization: specialization.name,
        bio,
        languages: languages.split(' '),
        room: `Room ${place + 1}`,
        position: place,
        isActive: true,
        revision: 1,
      }
      return { doctor, visitTypes, sees: specialization.sees, reasons: specialization.reasons }
    })
  })
}

function toType(sketch: TypeSketch, doctorIds: DoctorId[]): Omit<AppointmentType, 'id' | 'clinicId'> {
  return {
    code: sketch.code,
    name: sketch.name,
    durationMinutes: sketch.minutes,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: sketch.bufferAfter ?? 0,
    noticeMinutes: 120,
    horizonDays: 180,
    doctorIds,
    capacity: 1,
    roomIds: [],
    equipmentIds: [],
    changeCutoffMinutes: 0,
    patientLimit: 0,
    isOnline: sketch.isOnline ?? true,
    isActive: true,
    revision: 1,
  }
}
