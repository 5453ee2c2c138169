import type { MessageApi } from '#renderer/server-api/message-api.ts'

export type RulesApi = Pick<MessageApi, 'listRules' | 'addRule' | 'editRule' | 'removeRule' | 'tryRule'>
export type TemplatesApi = Pick<MessageApi, 'listTemplates' | 'putTemplate' | 'previewTemplate' | 'resetTemplate'>
