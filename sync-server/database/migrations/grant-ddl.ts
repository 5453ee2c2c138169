/** Permissions and who is granted them, as SQL of both engines. Each statement leaves out what is there, so that it can run twice. */
import type { Step } from './table-ddl.ts'

export const insertPermission = (name: string) =>
  `insert into permissions (name) select '${name}' from (select 1 as one) as once
   where not exists (select 1 from permissions where name = '${name}')`

/** Gives it to every role that still carries the shipped name. */
export const grant = (role: string, scope: string, permission: string) =>
  `insert into role_has_permissions (role_id, permission, scope)
   select roles.id, '${permission}', '${scope}' from roles where roles.name = '${role}' and not exists (
     select 1 from role_has_permissions as held
     where held.role_id = roles.id and held.permission = '${permission}' and held.scope = '${scope}')`

export const onBoth = (statements: readonly string[]): Step => ({ mysql: statements, sqlite: statements })
