// The import table of the project as a graph check. TypeScript and Biome catch most of it file by file; this reads the whole
// graph, so it also sees cycles, the layers inside the server and the renderer, and development packages in the product.

const area = (name) => `^${name}/`
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`
const PRODUCT = '^(src-[a-z]+|sync-server)/'
const TYPEBOX = packages('typebox')
const DOCUMENTS = packages('jspdf', 'bidi-js', 'fflate')
const DATES = packages('date-fns', '@date-fns/tz')

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** An area may import itself and `allowed` of the project's own folders, nothing else of them. */
const onlyFrom = (from, allowed, comment) =>
  rule(
    `${from}-imports`,
    comment,
    { path: area(from) },
    { path: '^(src-[a-z]+|sync-server|tests|build|[a-z.-]*\\.[a-z]+$)', pathNot: [area(from), ...allowed] },
  )

const areas = [
  onlyFrom('src-domain', [], 'The rules run anywhere, so they may know nobody.'),
  onlyFrom('src-reports', [area('src-domain')], 'Reports render a domain model on both sides of the wire.'),
  onlyFrom(
    'src-preload',
    [area('src-domain')],
    'The preload is the seam: it knows the rules and neither of its neighbours.',
  ),
  onlyFrom(
    'src-main',
    [area('src-domain'), '^src-preload/contract\\.ts$'],
    'The desktop process meets the window only through the named channels of the contract.',
  ),
  onlyFrom(
    'src-renderer',
    [area('src-domain'), area('src-reports'), '^src-preload/contract\\.ts$'],
    'The same renderer runs in Electron and in a browser, so it reaches the host only through the contract.',
  ),
  onlyFrom(
    'sync-server',
    [area('src-domain'), area('src-reports')],
    'The server shares the rules with its clients, never their code.',
  ),
  rule(
    'domain-packages',
    'The rules may assume the language only; TypeBox describes shapes and runs everywhere.',
    { path: area('src-domain'), pathNot: '^src-domain/time/' },
    { path: '.', pathNot: [area('src-domain'), TYPEBOX] },
  ),
  rule(
    'domain-time-packages',
    'Zone arithmetic is bought from date-fns, and stays in one folder.',
    { path: '^src-domain/time/' },
    { path: '.', pathNot: [area('src-domain'), TYPEBOX, DATES] },
  ),
  rule(
    'reports-packages',
    'Documents are made in Node and in a browser alike, so neither of them is assumed; each writer names its packages here.',
    { path: area('src-reports') },
    { path: '.', pathNot: [area('src-reports'), area('src-domain'), DOCUMENTS] },
  ),
  rule(
    'no-tests-in-product',
    'Nothing imports the tests, so that they can be left out of every bundle.',
    { pathNot: '^tests/' },
    { path: '^tests/' },
  ),
]

const renderer = [
  rule(
    'features-stay-apart',
    'A feature imports no other feature; app/ composes them, so each can be read and removed alone.',
    { path: '^src-renderer/features/([^/]+)/' },
    { path: '^src-renderer/features/', pathNot: '^src-renderer/features/$1/' },
  ),
  rule(
    'app-is-the-top',
    'app/ composes everything; whoever imported it would close a circle.',
    { path: '^src-renderer/(features|clinic|local-db|server-api|ui|platform)/' },
    { path: '^src-renderer/app/' },
  ),
  rule(
    'below-features',
    'What features share, the store, the host and widgets serve them and know none of them.',
    { path: '^src-renderer/(clinic|local-db|server-api|ui|platform)/' },
    { path: '^src-renderer/features/' },
  ),
  rule(
    'below-clinic',
    'Store, host and widgets do not know what screens share about the clinic.',
    { path: '^src-renderer/(local-db|server-api|ui|platform)/' },
    { path: '^src-renderer/clinic/' },
  ),
  rule(
    'ui-knows-no-healthcare',
    'ui/ holds widgets that know no healthcare words: no rules beyond time and commands, no store.',
    { path: '^src-renderer/ui/' },
    { path: ['^src-domain/(?!time/|commands/)', '^src-renderer/(local-db|platform)/'] },
  ),
  rule(
    'rxdb-behind-local-db',
    'Only local-db knows the store, so that a faster one can take its seat.',
    { path: area('src-renderer'), pathNot: '^src-renderer/local-db/' },
    { path: packages('rxdb', 'dexie'), dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'renderer-has-no-node',
    'The window is sandboxed: Node and Electron are reached through the platform.',
    { path: area('src-renderer') },
    { dependencyTypes: ['core'] },
  ),
]

const server = [
  rule(
    'doorways-call-operations',
    'Routes, sockets and services are doorways: what they do to data is told by an operation.',
    { path: '^sync-server/(routes|sync|services)/' },
    { path: '^sync-server/(repositories|database)/', dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'services-react-to-events',
    'A service never calls another service; it reacts to events, so each can run as its own process.',
    { path: '^sync-server/services/([^/]+)/' },
    { path: '^sync-server/services/', pathNot: '^sync-server/services/$1/' },
  ),
  rule(
    'operations-know-no-transport',
    'An operation is called by REST, sync, import and jobs alike, so it knows no HTTP and no socket.',
    { path: '^sync-server/operations/' },
    {
      path: [
        packages('fastify', '@fastify/[^/]+', 'ws'),
        '^sync-server/(http|routes|sync|services)/',
        '^http$|^https$|^net$',
      ],
    },
  ),
  rule(
    'repositories-are-below',
    'Repositories turn rows into values; they decide nothing and call nobody above.',
    { path: '^sync-server/repositories/' },
    { path: '^sync-server/(http|routes|sync|services|operations|events)/' },
  ),
  rule(
    'database-is-the-floor',
    'The database folder knows connections and row types only.',
    { path: '^sync-server/database/' },
    { path: '^sync-server/(http|routes|sync|services|operations|events|repositories)/' },
  ),
  rule(
    'sql-in-repositories',
    'Every SQL statement stands in repositories/ (or in a migration), one file per table, so that a plan can be asserted.',
    { path: area('sync-server'), pathNot: '^sync-server/(repositories|database)/' },
    { path: [packages('kysely', 'mysql2'), '^sqlite$|^node:sqlite$'], dependencyTypesNot: ['type-only'] },
  ),
]

const general = [
  rule('no-cycle', 'Two files that need each other are one idea in two rooms.', {}, { circular: true }),
  rule('no-missing', 'An import that resolves to nothing is checked by nothing.', {}, { couldNotResolve: true }),
  rule(
    'no-development-packages',
    'The product must start from the runtime packages alone.',
    { path: PRODUCT },
    {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: packages('electron', '@types/[^/]+', 'vite/client'),
    },
  ),
  rule(
    'no-undeclared-packages',
    'A package must stand in package.json, or a sibling decides its version.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
]

export default {
  forbidden: [...areas, ...renderer, ...server, ...general],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^tests/fixtures/', '^out/', '^dist/', '^\\.tsbuild/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
}
