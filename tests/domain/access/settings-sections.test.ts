import { expect, test } from 'vitest'
import { listSections, SECTION_PERMISSIONS, type SettingsSection } from '#domain/access/settings-sections.ts'

test('somebody without any of the rights has no section', () => {
  expect(listSections(() => false)).toEqual([])
})

test('whoever holds everything has every section once', () => {
  const all = listSections(() => true)
  expect([...all].sort()).toEqual(Object.keys(SECTION_PERMISSIONS).sort())
})

test('one right opens exactly the sections that name it', () => {
  for (const permission of new Set(Object.values(SECTION_PERMISSIONS).flat())) {
    const open = listSections((held) => held === permission)
    const named = (Object.keys(SECTION_PERMISSIONS) as SettingsSection[]).filter((section) =>
      SECTION_PERMISSIONS[section].includes(permission),
    )
    expect([...open].sort()).toEqual(named.sort())
  }
})
