import type { Permission } from '#domain/access/permissions.ts'
import en from '#locales/en.json' with { type: 'json' }

/** What a permission lets somebody do, in the words of the shared catalogue; a permission without words does not compile. */
const TEXTS: Readonly<Record<Permission, string>> = en.permissions

export const permissionText = (permission: Permission): string => TEXTS[permission]
