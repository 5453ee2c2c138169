/** The secret stands after `#`, so it reaches no server log; it is taken out of the address and its history once it is read. */
export function takeSecret(): string {
  const secret = location.hash.slice(1)
  if (secret !== '') history.replaceState(null, '', location.pathname)
  return secret
}
