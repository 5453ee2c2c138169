import type { Platform, SaveResult } from '#renderer/platform/types.ts'

/** Recovery codes as a file of their own, for wherever the person keeps such things. */
export const saveCodes = (platform: Pick<Platform, 'saveFile'>, text: string): Promise<SaveResult> =>
  platform.saveFile({ name: 'recovery-codes.txt', kind: 'txt', content: `${text}\n` })
