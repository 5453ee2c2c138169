/** Whether a link may be handed to the system's browser or mail program; everything else could start other programs. */
export function mayOpenOutside(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.username || url.password) return false
  return url.protocol === 'https:' || url.protocol === 'mailto:'
}
