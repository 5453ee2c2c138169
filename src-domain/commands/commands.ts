/**
 * The one list of commands. The native menu, the page's shortcuts, the palette and the twin's menu are all built from it.
 *
 * Invariants: ids are unique; a command with a `role` is carried out by the host itself (copy, quit, ...), one of `ownHost` by our part
 * of the host and always possible, every other one by the page; an accelerator works wherever the window has focus, `keys` only in their scope and never while text is typed.
 */
import type { Permission } from '#domain/access/permissions.ts'

export type CommandId =
  | 'file.new-booking'
  | 'file.walk-in'
  | 'file.day-note'
  | 'file.export-day-csv'
  | 'file.export-day-pdf'
  | 'file.print-day-sheet'
  | 'file.export-report'
  | 'edit.undo'
  | 'edit.redo'
  | 'edit.cut'
  | 'edit.copy'
  | 'edit.paste'
  | 'edit.select-all'
  | 'edit.find'
  | 'view.today'
  | 'view.previous-day'
  | 'view.next-day'
  | 'view.next-free'
  | 'view.board-day'
  | 'view.board-week'
  | 'view.board-month'
  | 'view.board-list'
  | 'view.density'
  | 'view.zoom-in'
  | 'view.zoom-out'
  | 'view.zoom-reset'
  | 'view.full-screen'
  | 'appointment.confirm'
  | 'appointment.arrived'
  | 'appointment.in-room'
  | 'appointment.done'
  | 'appointment.no-show'
  | 'appointment.move'
  | 'appointment.cancel'
  | 'appointment.take-back'
  | 'appointment.doctor-day'
  | 'my-day.start'
  | 'my-day.finish'
  | 'my-day.late'
  | 'my-day.next'
  | 'my-day.previous'
  | 'my-day.blur'
  | 'inbox.waitlist'
  | 'inbox.overbook'
  | 'inbox.drop'
  | 'inbox.again'
  | 'inbox.dismiss'
  | 'go.board'
  | 'go.my-day'
  | 'go.availability'
  | 'go.waitlist'
  | 'go.patients'
  | 'go.inbox'
  | 'go.reports'
  | 'go.notifications'
  | 'go.activity'
  | 'go.messages'
  | 'go.settings'
  | 'window.new'
  | 'window.minimize'
  | 'window.close'
  | 'help.shortcuts'
  | 'help.crash-folder'
  | 'help.about'
  | 'app.account'
  | 'app.lock'
  | 'app.notification-preferences'
  | 'app.sign-out'
  | 'app.quit'

export type MenuName = 'file' | 'edit' | 'view' | 'appointment' | 'go' | 'window' | 'help'

/** What the host does by itself, in Electron's words. */
export type NativeRole =
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'zoomIn'
  | 'zoomOut'
  | 'resetZoom'
  | 'togglefullscreen'
  | 'minimize'
  | 'close'
  | 'quit'

/** What must hold before a command makes sense: nothing, or the local data opened by a log-in or a password. */
export type CommandNeed = 'nothing' | 'open-data'

export type Command = {
  readonly id: CommandId
  /** Key of the label in `locales/<language>.json`. A label that ends in an ellipsis opens a dialog or a panel. */
  readonly labelKey: `commands.${CommandId}`
  /** Where the item stands; items of one section are kept together between separators. */
  readonly menu: { readonly name: MenuName; readonly section: number }
  readonly role?: NativeRole
  /** Done by the desktop process, whatever the page shows. */
  readonly ownHost?: true
  /** Written in Electron's form, `CmdOrCtrl+E`. */
  readonly accelerator?: string
  /** Page shortcuts: single keys, or a sequence separated by a blank (`g d`). */
  readonly keys?: readonly string[]
  /** `board`: the keys act only while a day with visits has focus, the board or My day; `my-day`, `inbox`: only there. */
  readonly scope: 'everywhere' | 'board' | 'my-day' | 'inbox'
  readonly needs: CommandNeed
  /** Whoever lacks it in every scope is shown the item greyed; what the command does is judged again where it happens. */
  readonly permission?: Permission
}

export const COMMANDS: readonly Command[] = [
  onPage('file.new-booking', 'file', 1, { keys: ['b'], scope: 'board', permission: 'book-appointment' }),
  onPage('file.walk-in', 'file', 1, { keys: ['w'], scope: 'board', permission: 'manage-waitlist' }),
  onPage('file.day-note', 'file', 1, { keys: ['o'], scope: 'board', permission: 'manage-day-notes' }),
  onPage('file.export-day-csv', 'file', 2, { accelerator: 'CmdOrCtrl+E', permission: 'view-appointments' }),
  onPage('file.export-day-pdf', 'file', 2, { keys: ['e p'], permission: 'view-appointments' }),
  onPage('file.print-day-sheet', 'file', 2, { accelerator: 'CmdOrCtrl+P', permission: 'view-appointments' }),
  onPage('file.export-report', 'file', 2, { accelerator: 'CmdOrCtrl+Shift+E', permission: 'view-reports' }),
  onPage('app.lock', 'file', 3, { accelerator: 'CmdOrCtrl+L' }),
  onPage('app.account', 'file', 3, {}),
  onPage('app.notification-preferences', 'file', 3, {}),
  onPage('app.sign-out', 'file', 3, {}),
  byHost('app.quit', 'file', 4, 'quit'),
  byHost('edit.undo', 'edit', 1, 'undo'),
  byHost('edit.redo', 'edit', 1, 'redo'),
  byHost('edit.cut', 'edit', 2, 'cut'),
  byHost('edit.copy', 'edit', 2, 'copy'),
  byHost('edit.paste', 'edit', 2, 'paste'),
  byHost('edit.select-all', 'edit', 2, 'selectAll'),
  onPage('edit.find', 'edit', 3, { accelerator: 'CmdOrCtrl+K', keys: ['/'] }),
  onPage('view.today', 'view', 1, { keys: ['t'], scope: 'board' }),
  onPage('view.previous-day', 'view', 1, { keys: ['['], scope: 'board' }),
  onPage('view.next-day', 'view', 1, { keys: [']'], scope: 'board' }),
  onPage('view.next-free', 'view', 1, { keys: ['f'], scope: 'board' }),
  onPage('view.board-day', 'view', 2, { keys: ['v d'], permission: 'view-appointments' }),
  onPage('view.board-week', 'view', 2, { keys: ['v w'], permission: 'view-appointments' }),
  onPage('view.board-month', 'view', 2, { keys: ['v m'], permission: 'view-appointments' }),
  onPage('view.board-list', 'view', 2, { keys: ['v l'], permission: 'view-appointments' }),
  onPage('view.density', 'view', 2, { keys: ['v h'], scope: 'board', permission: 'view-appointments' }),
  byHost('view.zoom-in', 'view', 3, 'zoomIn'),
  byHost('view.zoom-out', 'view', 3, 'zoomOut'),
  byHost('view.zoom-reset', 'view', 3, 'resetZoom'),
  byHost('view.full-screen', 'view', 4, 'togglefullscreen'),
  onPage('appointment.confirm', 'appointment', 1, { keys: ['c'], scope: 'board', permission: 'confirm-appointment' }),
  onPage('appointment.arrived', 'appointment', 1, { keys: ['a'], scope: 'board', permission: 'check-in-patient' }),
  onPage('appointment.in-room', 'appointment', 1, { keys: ['r'], scope: 'board', permission: 'check-in-patient' }),
  onPage('appointment.done', 'appointment', 1, { keys: ['d'], scope: 'board', permission: 'check-in-patient' }),
  onPage('appointment.no-show', 'appointment', 1, { keys: ['n'], scope: 'board', permission: 'check-in-patient' }),
  onPage('appointment.move', 'appointment', 2, { keys: ['m'], scope: 'board', permission: 'move-appointment' }),
  onPage('appointment.cancel', 'appointment', 2, { keys: ['x'], scope: 'board', permission: 'cancel-appointment' }),
  onPage('appointment.doctor-day', 'appointment', 2, {
    keys: ['i'],
    scope: 'board',
    permission: 'cancel-appointment',
  }),
  onPage('appointment.take-back', 'appointment', 3, { keys: ['u'], scope: 'board' }),
  onPage('my-day.start', 'appointment', 4, { keys: ['s'], scope: 'my-day' }),
  onPage('my-day.finish', 'appointment', 4, { keys: ['f'], scope: 'my-day' }),
  onPage('my-day.late', 'appointment', 4, { keys: ['l'], scope: 'my-day', permission: 'check-in-patient' }),
  onPage('my-day.next', 'appointment', 5, { keys: ['j'], scope: 'my-day' }),
  onPage('my-day.previous', 'appointment', 5, { keys: ['k'], scope: 'my-day' }),
  onPage('my-day.blur', 'view', 4, { keys: ['p'], scope: 'my-day' }),
  onPage('inbox.waitlist', 'appointment', 6, { keys: ['w'], scope: 'inbox', permission: 'manage-waitlist' }),
  onPage('inbox.overbook', 'appointment', 6, { keys: ['Alt+0'], scope: 'inbox', permission: 'overbook-appointment' }),
  onPage('inbox.drop', 'appointment', 6, { keys: ['x'], scope: 'inbox', permission: 'cancel-appointment' }),
  onPage('inbox.again', 'appointment', 6, { keys: ['a'], scope: 'inbox' }),
  onPage('inbox.dismiss', 'appointment', 6, { keys: ['y'], scope: 'inbox' }),
  onPage('go.board', 'go', 1, { keys: ['g d'] }),
  onPage('go.my-day', 'go', 1, { keys: ['g y'] }),
  onPage('go.availability', 'go', 1, { keys: ['g v'], permission: 'manage-schedules' }),
  onPage('go.waitlist', 'go', 1, { keys: ['g w'], permission: 'manage-waitlist' }),
  onPage('go.patients', 'go', 1, { keys: ['g p'], permission: 'view-patients' }),
  onPage('go.inbox', 'go', 1, { keys: ['g s'] }),
  onPage('go.reports', 'go', 1, { keys: ['g r'], permission: 'view-reports' }),
  onPage('go.notifications', 'go', 1, { keys: ['g n'] }),
  onPage('go.activity', 'go', 2, { keys: ['g a'], permission: 'view-activity' }),
  onPage('go.messages', 'go', 2, { keys: ['g m'], permission: 'manage-clinic' }),
  onPage('go.settings', 'go', 2, { keys: ['g e'] }),
  byOwnHost('window.new', 'window', 1, 'CmdOrCtrl+Shift+N'),
  byHost('window.minimize', 'window', 1, 'minimize'),
  byHost('window.close', 'window', 1, 'close'),
  onPage('help.shortcuts', 'help', 1, { accelerator: 'F1', keys: ['?'] }, 'nothing'),
  byOwnHost('help.crash-folder', 'help', 2),
  byOwnHost('help.about', 'help', 3),
]

export const MENUS: readonly MenuName[] = ['file', 'edit', 'view', 'appointment', 'go', 'window', 'help']

const byId: ReadonlyMap<string, Command> = new Map(COMMANDS.map((command) => [command.id, command]))

/** The command of that id, or `undefined` for any other text. */
export function findCommand(id: string): Command | undefined {
  return byId.get(id)
}

/** Commands that the page carries out; the host's own ones never reach it. */
export function listPageCommands(): readonly Command[] {
  return COMMANDS.filter(isPageCommand)
}

export function isPageCommand(command: Command | undefined): boolean {
  return command !== undefined && command.role === undefined && !command.ownHost
}

/** One menu as sections of commands, in the order in which they are drawn. */
export function listMenuSections(name: MenuName): readonly (readonly Command[])[] {
  const inMenu = COMMANDS.filter((command) => command.menu.name === name)
  const sections = [...new Set(inMenu.map((command) => command.menu.section))].sort((a, b) => a - b)
  return sections.map((section) => inMenu.filter((command) => command.menu.section === section))
}

type PageOptions = Partial<Pick<Command, 'accelerator' | 'keys' | 'scope' | 'permission'>>

function onPage(
  id: CommandId,
  menu: MenuName,
  section: number,
  options: PageOptions,
  needs: CommandNeed = 'open-data',
): Command {
  return { id, labelKey: `commands.${id}`, menu: { name: menu, section }, scope: 'everywhere', needs, ...options }
}

function byHost(id: CommandId, menu: MenuName, section: number, role: NativeRole): Command {
  return { id, labelKey: `commands.${id}`, menu: { name: menu, section }, role, scope: 'everywhere', needs: 'nothing' }
}

function byOwnHost(id: CommandId, menu: MenuName, section: number, accelerator?: string): Command {
  const place = { labelKey: `commands.${id}`, menu: { name: menu, section } } as const
  return { id, ...place, ownHost: true, scope: 'everywhere', needs: 'nothing', ...(accelerator && { accelerator }) }
}
