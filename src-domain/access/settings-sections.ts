/** The sections of the settings screen in their order, and who may use each. The server judges every change anew. */
import type { Permission } from './permissions.ts'

/** Sections of one group stand together under its name. */
export const SETTINGS_GROUPS = {
  people: ['people', 'roles', 'devices'],
  clinic: ['doctors', 'types', 'places', 'holidays', 'policies', 'messages'],
  data: ['import', 'webhooks'],
} as const satisfies Record<string, readonly string[]>

export type SettingsGroup = keyof typeof SETTINGS_GROUPS
export type SettingsSection = (typeof SETTINGS_GROUPS)[SettingsGroup][number]

/** A section is for whoever holds any of these. */
export const SECTION_PERMISSIONS: Record<SettingsSection, readonly Permission[]> = {
  people: ['manage-users'],
  roles: ['manage-roles'],
  devices: ['manage-devices'],
  doctors: ['manage-doctors'],
  types: ['manage-appointment-types'],
  places: ['manage-rooms', 'manage-clinic'],
  holidays: ['manage-clinic'],
  policies: ['manage-clinic'],
  messages: ['manage-clinic'],
  import: ['import-history'],
  webhooks: ['manage-webhooks'],
}

/** The sections somebody may use, in their order. @param mayEver whether a permission is held in any scope */
export function listSections(mayEver: (permission: Permission) => boolean): readonly SettingsSection[] {
  const all: readonly SettingsSection[] = Object.values(SETTINGS_GROUPS).flat()
  return all.filter((section) => SECTION_PERMISSIONS[section].some(mayEver))
}
