/**
 * A server's public key in six words that two people can read to each other. Pure: the slow hash of the key is an argument.
 *
 * The words are our own list of short, common, clearly different English words, one for each value of a byte; they are the same in
 * every language of the screens, because two screens in two languages have to show the same.
 */

/**
 * How the bytes are made of a key: PBKDF2 with SHA-256. Six bytes are few, so that each try of somebody who looks for a key with
 * the same words costs as much as these rounds.
 */
export const FINGERPRINT = { salt: 'clinic server fingerprint v1', iterations: 200_000, bytes: 6 } as const

const WORDS = `
acorn actor album alley amber anchor ankle apple apron arch arrow atlas attic autumn badge bagel
baker balcony bamboo banjo barley barn basil basket bonfire beacon beaver bell bench berry bicycle birch
biscuit blanket bonnet book boot bottle bowl branch bread brick bridge broom brush bubble bucket butter
bugle cabin cactus camel canvas candle canoe canyon carpet carrot castle cave cedar cello chalk cherry
chess chimney cider circle clay cliff clock cloud clover coast cobble coconut comet compass copper coral
cotton cradle crane crayon cricket crown cup curtain cushion daisy dancer desert diamond dolphin donkey door
dragon drawer drum eagle easel echo elbow elm engine envelope fabric falcon feather fence fern ferry
fiddle field finger fire flag flame flask flute forest fossil fountain fox garden garlic gate ginger
glacier glass globe glove goat gold grape gravel guitar hammer harbour harvest hazel hedge helmet heron
hill honey horse iron island ivory jacket jasmine jelly jewel jungle kayak kettle kitten ladder lagoon
lamp lantern leaf lemon lentil lily lion lizard lobster locket magnet mango maple marble meadow medal
melon mirror mitten moon moss mountain mustard napkin needle nest nutmeg oak oasis ocean olive onion
orange orchard otter oven owl oyster paddle palace panda paper parrot pasture peach pearl pebble pencil
pepper piano pillow pine planet plum pocket pony poppy potato puzzle quarry quill rabbit radish
rainbow raven ribbon river robin rocket rose saddle sailor salmon sand saturn scarf shell silver spoon
statue stone sugar swan table tiger tower trumpet tulip turtle violin wagon walnut water whale willow window
`
  .trim()
  .split(/\s+/)

/** One word for each byte. */
export const wordsOf = (bytes: Iterable<number>): readonly string[] => Array.from(bytes, (byte) => WORDS[byte] ?? '')

/** For the test that holds the list to its rules. */
export const FINGERPRINT_WORDS: readonly string[] = WORDS
