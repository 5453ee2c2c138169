/** The channels by name, apart from their schemas so that the preload, which every window parses, carries no schema library. */

/** The page asks, main answers. */
export const INVOKE_NAMES = [
  'app:info',
  'session:get',
  'session:set',
  'session:clear',
  'secrets:list',
  'secrets:enrol',
  'secrets:unlock',
  'secrets:forget',
  'server:get',
  'server:set',
  'file:save',
  'commands:state',
  'link:take',
  'unsent:report',
] as const

/** Main tells the page unasked. */
export const PUSH_NAMES = ['command', 'lock', 'link'] as const

export type InvokeName = (typeof INVOKE_NAMES)[number]
export type PushName = (typeof PUSH_NAMES)[number]
