import { describe, expect, test } from 'vitest'
import { createAddressRule, isAddressOrSubnet } from '#server/webhooks/address-rule.ts'

const rule = createAddressRule([], () => ['93.184.216.1', '2606:4700::1'])

test.each(['93.184.216.34', '1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.255.255', '2606:4700:4700::1111'])(
  '%s is public',
  (address) => {
    expect(rule(address)).toBe('public')
  },
)

test.each([
  ['this machine', '127.0.0.1'],
  ['this machine, further on', '127.255.255.254'],
  ['this machine', '::1'],
  ['nobody', '0.0.0.0'],
  ['nobody', '::'],
  ['a private network', '10.0.0.1'],
  ['a private network', '172.16.0.1'],
  ['a private network', '172.31.255.255'],
  ['a private network', '192.168.1.1'],
  ['the provider’s network', '100.64.0.1'],
  ['the provider’s network', '100.127.255.255'],
  ['a cloud’s metadata', '169.254.169.254'],
  ['a cloud’s metadata', 'fd00:ec2::254'],
  ['the link', 'fe80::1'],
  ['the site', 'fc00::1'],
  ['the site of old', 'fec0::1'],
  ['many', '224.0.0.1'],
  ['many', 'ff02::1'],
  ['everybody', '255.255.255.255'],
  ['documentation', '192.0.2.1'],
  ['documentation', '2001:db8::1'],
  ['a benchmark', '198.18.0.1'],
  ['IPv4 inside IPv6', '::ffff:127.0.0.1'],
  ['IPv4 inside IPv6, in hex', '::ffff:7f00:1'],
  ['IPv4 inside IPv6, at length', '0:0:0:0:0:ffff:a9fe:a9fe'],
  ['IPv4 translated', '64:ff9b::10.0.0.1'],
  ['IPv4 of old', '::127.0.0.1'],
  ['IPv4 tunnelled', '2002:7f00:1::'],
  ['Teredo', '2001:0:1::1'],
  ['an own address', '93.184.216.1'],
  ['an own address', '2606:4700::1'],
  ['an own address inside IPv6', '::ffff:93.184.216.1'],
  ['no address', 'localhost'],
  ['no address', ''],
])('%s is refused: %s', (_, address) => {
  expect(rule(address)).toBe('refused')
})

test('IPv4 that is public stays public inside IPv6', () => {
  expect(rule('::ffff:1.1.1.1')).toBe('public')
  expect(rule('64:ff9b::1.1.1.1')).toBe('public')
})

describe('the allow-list', () => {
  const open = createAddressRule(['10.1.0.0/16', '127.0.0.1', 'fd00::/8'], () => ['127.0.0.1'])

  test('opens what it names, and nothing beside it', () => {
    for (const address of ['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd12::1']) expect(open(address)).toBe('allowed')
    for (const address of ['10.2.0.1', '127.0.0.2', 'fe80::1']) expect(open(address)).toBe('refused')
  })

  test.each(['10.0.0.0/8', '::1', 'fd00::/8', '127.0.0.1'])('takes %s', (entry) => {
    expect(isAddressOrSubnet(entry)).toBe(true)
  })

  test.each(['', 'localhost', '10.0.0.0/33', '10.0.0/8', '*', '::/129'])('does not take "%s"', (entry) => {
    expect(isAddressOrSubnet(entry)).toBe(false)
  })
})
