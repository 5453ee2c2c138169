/** How tall the board draws a minute. Compact is opt-in: its short visits are lower than a finger's target, the list is the equal route. */
export const DENSITIES = ['compact', 'normal', 'roomy'] as const
export type Density = (typeof DENSITIES)[number]

export const PIXELS_OF: Readonly<Record<Density, number>> = { compact: 1.2, normal: 1.6, roomy: 2 }
