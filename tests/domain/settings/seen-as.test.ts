import { expect, test } from 'vitest'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import { seenAs } from '#domain/settings/seen-as.ts'

const idsOf = (commands: readonly { readonly id: string }[]): string[] => commands.map(({ id }) => id)

test('a patient finds nothing of the desk', () => {
  const seen = seenAs(SHIPPED_ROLE_GRANTS.patient)
  expect(seen).toMatchObject({ isAtDesk: false, screens: [], commands: [], sections: [] })
})

test('reception books and moves, and has no settings, reports or activity', () => {
  const seen = seenAs(SHIPPED_ROLE_GRANTS.receptionist)
  expect(idsOf(seen.screens)).toEqual(expect.arrayContaining(['go.board', 'go.inbox']))
  expect(idsOf(seen.screens).filter((id) => ['go.settings', 'go.reports', 'go.activity'].includes(id))).toEqual([])
  expect(idsOf(seen.commands)).toEqual(expect.arrayContaining(['file.new-booking', 'appointment.move']))
})

test('without the right to book there is no command to book', () => {
  const grants = SHIPPED_ROLE_GRANTS.receptionist.filter(({ permission }) => permission !== 'book-appointment')
  expect(idsOf(seenAs(grants).commands)).not.toContain('file.new-booking')
})

test('a doctor changes notes of own visits, and sees what everybody sees of doctors', () => {
  const { fields } = seenAs(SHIPPED_ROLE_GRANTS.doctor)
  expect(fields).toContainEqual({ group: 'visit-notes', see: 'own-doctor', edit: 'own-doctor' })
  expect(fields).toContainEqual({ group: 'doctor-profile', see: 'everybody', edit: 'none' })
})

test('an administrator has every section of the settings', () => {
  const { sections, screens } = seenAs(SHIPPED_ROLE_GRANTS.admin)
  expect(sections.length).toBeGreaterThan(5)
  expect(idsOf(screens)).toContain('go.settings')
})
