/**
 * Which addresses this server may call for somebody: public ones. Whatever leads back into the clinic's network, this machine or
 * a cloud's metadata service is refused, in every spelling. Judged by the address a connection is about to be made to, never by
 * a name, so that a name that changes its mind in between helps nobody.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'

export type AddressRule = (address: string) => 'public' | 'allowed' | 'refused'

/** IPv4 that is not public (RFC 6890 and the IANA registry of special addresses); link-local holds the metadata services. */
const SPECIAL_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/** Of IPv6 only global unicast is public, and of that not what is special or carries an IPv4 address inside. */
const GLOBAL_V6 = [['2000::', 3]] as const
const SPECIAL_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const listOf = (subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family)
  return list
}
const specialV4 = listOf(SPECIAL_V4, 'ipv4')
const globalV6 = listOf(GLOBAL_V6, 'ipv6')
const specialV6 = listOf(SPECIAL_V6, 'ipv6')

/**
 * @param allowed addresses and subnets (`10.1.0.0/16`) that may be called although they are not public, for intranets and tests
 * @param ownAddresses of this machine; read anew each time, because they change
 */
export function createAddressRule(
  allowed: readonly string[],
  ownAddresses: () => readonly string[] = addressesOfThisMachine,
): AddressRule {
  const exceptions = new BlockList()
  for (const entry of allowed) addTo(exceptions, entry)
  return (given) => {
    const address = embeddedV4(given) ?? given
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (isIP(address) === 0) return 'refused'
    if (exceptions.check(address, family)) return 'allowed'
    if (ownAddresses().includes(address)) return 'refused'
    const isPublic = family === 'ipv4' ? !specialV4.check(address, family) : isPublicV6(address)
    return isPublic ? 'public' : 'refused'
  }
}

const isPublicV6 = (address: string): boolean => globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')

/** Whether an entry of the allow-list is one. */
export function isAddressOrSubnet(entry: string): boolean {
  const [address = '', prefix] = entry.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  return isIP(address) !== 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  if (prefix === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(prefix), family)
}

/**
 * The IPv4 address inside an IPv6 one: mapped (`::ffff:0:0/96`) or translated (`64:ff9b::/96`), written with dots or without.
 * A connection to either reaches that IPv4 address.
 */
function embeddedV4(address: string): string | undefined {
  const host = URL.parse(`http://[${address.split('%')[0]}]/`)?.hostname.slice(1, -1)
  const tail = /^(?:::ffff|64:ff9b:):(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(host ?? '')
  if (!tail) return undefined
  const [high, low] = [Number.parseInt(tail[1] ?? '0', 16), Number.parseInt(tail[2] ?? '0', 16)]
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}

const addressesOfThisMachine = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? [])
