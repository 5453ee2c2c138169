/** Where a choice of language is kept on this device: one for the log-in screen, and one for each person who made one. */
const OF_DEVICE = 'language'
const ofUser = (userId: string): string => `${OF_DEVICE}:${userId}`

export const languageOfDevice = (): string | null => localStorage.getItem(OF_DEVICE)
export const languageOfUser = (userId: string): string | null => localStorage.getItem(ofUser(userId))

/** @param userId whose choice it is, or null at the log-in screen, where nobody is known yet */
export const keepLanguage = (userId: string | null, language: string): void =>
  localStorage.setItem(userId === null ? OF_DEVICE : ofUser(userId), language)
