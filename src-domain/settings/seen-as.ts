/**
 * What a role would find in the app, from the same lists that the app itself is drawn from: commands with their permissions,
 * sections of the settings, and the groups of fields. It looks at rights alone and at nobody's data.
 */
import type { Grant, Permission } from '#domain/access/permissions.ts'
import { listSections, type SettingsSection } from '#domain/access/settings-sections.ts'
import { type Command, listPageCommands } from '#domain/commands/commands.ts'
import { type Reach, reachOf } from './role-matrix.ts'

/** Fields that are shown and changed together. Without `see`, everybody of the clinic sees them. */
export const FIELD_GROUPS = {
  'visit-times': { see: 'view-appointments', edit: 'move-appointment' },
  'visit-notes': { see: 'view-appointments', edit: 'edit-appointment' },
  'patient-contact': { see: 'view-patients', edit: 'manage-patients' },
  'working-hours': { see: 'view-schedules', edit: 'manage-schedules' },
  waitlist: { see: 'manage-waitlist', edit: 'manage-waitlist' },
  'day-notes': { see: 'view-schedules', edit: 'manage-day-notes' },
  'doctor-profile': { edit: 'manage-doctors' },
  'appointment-types': { edit: 'manage-appointment-types' },
  rooms: { edit: 'manage-rooms' },
} as const satisfies Record<string, { readonly see?: Permission; readonly edit: Permission }>
export type FieldGroup = keyof typeof FIELD_GROUPS

export type SeenFields = { readonly group: FieldGroup; readonly see: Reach | 'everybody'; readonly edit: Reach }

export type SeenAs = {
  /** False for those who come as patients only: they get their own visits and nothing of the desk. */
  readonly isAtDesk: boolean
  /** Commands that open a screen, and the others. */
  readonly screens: readonly Command[]
  readonly commands: readonly Command[]
  readonly sections: readonly SettingsSection[]
  readonly fields: readonly SeenFields[]
}

type MayEver = (permission: Permission) => boolean

/** Whether somebody works at the desk or a doctor's board, or comes as a patient. */
export const worksAtDesk = (mayEver: MayEver): boolean => mayEver('check-in-patient') || mayEver('view-schedules')

/** What somebody with exactly these grants would find. */
export function seenAs(grants: readonly Grant[]): SeenAs {
  const mayEver: MayEver = (permission) => grants.some((grant) => grant.permission === permission)
  const isAtDesk = worksAtDesk(mayEver)
  const sections = isAtDesk ? listSections(mayEver) : []
  const open = listPageCommands().filter(
    ({ id, permission }) =>
      isAtDesk && (permission === undefined || mayEver(permission)) && (id !== 'go.settings' || sections.length > 0),
  )
  return {
    isAtDesk,
    screens: open.filter(({ menu }) => menu.name === 'go'),
    commands: open.filter(({ menu }) => menu.name !== 'go'),
    sections,
    fields: (Object.keys(FIELD_GROUPS) as FieldGroup[]).map((group) => {
      const needs: { readonly see?: Permission; readonly edit: Permission } = FIELD_GROUPS[group]
      return {
        group,
        see: needs.see === undefined ? 'everybody' : reachOf(grants, needs.see),
        edit: reachOf(grants, needs.edit),
      }
    }),
  }
}
