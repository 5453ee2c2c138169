import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { audiencesFor } from '#domain/access/audiences.ts'
import { can, mayEver, type Subject } from '#domain/access/can.ts'
import { PERMISSIONS, SCOPES } from '#domain/access/permissions.ts'
import { SHIPPED_ROLE_GRANTS, SHIPPED_ROLES } from '#domain/access/roles.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const CLINIC = testId('Clinic')
const DOCTOR = testId('Doctor')
const ME = testId('Patient')

const aSubject = (part: Partial<Subject> = {}): Subject => ({
  userId: testId('User'),
  clinicId: CLINIC,
  doctorId: null,
  patientIds: [],
  grants: [],
  ...part,
})
const anyRow = fc.record({
  clinicId: fc.constantFrom(CLINIC, testId('Clinic', 2)),
  doctorId: fc.constantFrom(DOCTOR, testId('Doctor', 2), null),
  patientId: fc.constantFrom(ME, testId('Patient', 2), null),
})
const anyGrant = fc.record({ permission: fc.constantFrom(...PERMISSIONS), scope: fc.constantFrom(...SCOPES) })
const anySubject = fc
  .record({
    doctorId: fc.constantFrom(DOCTOR, null),
    patientIds: fc.subarray([ME]),
    grants: fc.array(anyGrant, { maxLength: 6 }),
  })
  .map(aSubject)
const anyPermission = fc.constantFrom(...PERMISSIONS)

describe('can', () => {
  it('says no across clinics, whoever asks', () => {
    fc.assert(
      fc.property(anySubject, anyPermission, anyRow, (subject, permission, row) => {
        expect(can(subject, permission, { ...row, clinicId: testId('Clinic', 2) })).toBe(false)
      }),
      seeded(),
    )
  })

  it('says no without a grant of that very permission', () => {
    fc.assert(
      fc.property(anySubject, anyPermission, anyRow, (subject, permission, row) => {
        const grants = subject.grants.filter((grant) => grant.permission !== permission)
        expect(can({ ...subject, grants }, permission, row)).toBe(false)
      }),
      seeded(),
    )
  })

  it('never takes away with a further grant', () => {
    fc.assert(
      fc.property(anySubject, anyGrant, anyPermission, anyRow, (subject, more, permission, row) => {
        if (can(subject, permission, row)) {
          expect(can({ ...subject, grants: [...subject.grants, more] }, permission, row)).toBe(true)
        }
      }),
      seeded(),
    )
  })

  it('is never yes where mayEver is no', () => {
    fc.assert(
      fc.property(anySubject, anyPermission, anyRow, (subject, permission, row) => {
        if (can(subject, permission, row)) expect(mayEver(subject, permission)).toBe(true)
      }),
      seeded(),
    )
  })

  it('lets a doctor act on their own calendar, and not on another’s or on the clinic as a whole', () => {
    const doctor = aSubject({ doctorId: DOCTOR, grants: SHIPPED_ROLE_GRANTS.doctor })
    expect(can(doctor, 'move-appointment', { clinicId: CLINIC, doctorId: DOCTOR })).toBe(true)
    expect(can(doctor, 'move-appointment', { clinicId: CLINIC, doctorId: testId('Doctor', 2) })).toBe(false)
    expect(can(doctor, 'move-appointment', { clinicId: CLINIC })).toBe(false)
  })

  it('lets no doctor use a doctor’s rights on their own visit as a patient', () => {
    const row = { clinicId: CLINIC, doctorId: DOCTOR, patientId: ME }
    const doctor = aSubject({ doctorId: DOCTOR, patientIds: [ME], grants: SHIPPED_ROLE_GRANTS.doctor })
    expect(can(doctor, 'confirm-appointment', row)).toBe(false)
    expect(can({ ...doctor, grants: SHIPPED_ROLE_GRANTS.receptionist }, 'confirm-appointment', row)).toBe(true)
  })

  it('lets patients act for those they stand for, and for nobody else', () => {
    const patient = aSubject({ patientIds: [ME], grants: SHIPPED_ROLE_GRANTS.patient })
    expect(can(patient, 'cancel-appointment', { clinicId: CLINIC, doctorId: DOCTOR, patientId: ME })).toBe(true)
    expect(can(patient, 'cancel-appointment', { clinicId: CLINIC, patientId: testId('Patient', 2) })).toBe(false)
    expect(can(patient, 'confirm-appointment', { clinicId: CLINIC, patientId: ME })).toBe(false)
  })
})

describe('the shipped roles', () => {
  it('name only permissions and scopes that exist, each once', () => {
    for (const role of SHIPPED_ROLES) {
      const grants = SHIPPED_ROLE_GRANTS[role]
      expect(new Set(grants.map(({ permission, scope }) => `${permission} ${scope}`)).size).toBe(grants.length)
      expect(grants.every(({ permission, scope }) => PERMISSIONS.includes(permission) && SCOPES.includes(scope))).toBe(
        true,
      )
    }
  })

  it('leave nothing to the desk that an admin may not do too', () => {
    for (const { permission } of SHIPPED_ROLE_GRANTS.receptionist) {
      expect(SHIPPED_ROLE_GRANTS.admin.map((grant) => grant.permission)).toContain(permission)
    }
  })
})

describe('audiences', () => {
  const of = (subject: Subject) =>
    Object.fromEntries(COLLECTION_NAMES.map((name) => [name, audiencesFor(subject, name)]))

  it('give the desk the clinic, a doctor their own calendar, a patient their own rows', () => {
    const [desk, doctor, patient] = [
      of(aSubject({ grants: SHIPPED_ROLE_GRANTS.receptionist })),
      of(aSubject({ grants: SHIPPED_ROLE_GRANTS.doctor, doctorId: DOCTOR })),
      of(aSubject({ grants: SHIPPED_ROLE_GRANTS.patient, patientIds: [ME] })),
    ]
    const me = `user:${testId('User')}`
    expect(desk.appointments).toEqual([`clinic:${CLINIC}`, me])
    expect(doctor.appointments).toEqual([`doctor:${DOCTOR}`, me])
    expect(patient.appointments).toEqual([me])
    expect(patient.schedules).toEqual([])
    for (const role of [desk, doctor, patient]) {
      expect(role.doctors).toEqual([`everyone:${CLINIC}`])
      expect(role.rejected_changes).toEqual([me])
    }
  })

  it('are none, for anything but public documents and what is told to oneself, without grants', () => {
    const {
      doctors,
      appointment_types: types,
      rooms,
      rejected_changes: refused,
      notifications,
      ...rest
    } = of(aSubject())
    for (const open of [doctors, types, rooms]) expect(open).toEqual([`everyone:${CLINIC}`])
    for (const own of [refused, notifications]) expect(own).toEqual([`user:${testId('User')}`])
    expect(Object.values(rest).flat()).toEqual([])
  })

  it('never reach into another clinic, and are named once each', () => {
    fc.assert(
      fc.property(anySubject, fc.constantFrom(...COLLECTION_NAMES), (subject, name) => {
        const audiences = audiencesFor(subject, name)
        expect(new Set(audiences).size).toBe(audiences.length)
        const own = [subject.clinicId, subject.userId, subject.doctorId]
        for (const audience of audiences) expect(own).toContain(audience.slice(audience.indexOf(':') + 1))
      }),
      seeded(),
    )
  })
})
