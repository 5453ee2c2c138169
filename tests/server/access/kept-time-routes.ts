/** Who gets through to times that are kept: while somebody books, and for devices that may lose their line; a part of the table of routes. */
import { BOOKING, desk, everyRole, NOBODY, type Row, staff } from './route-cells.ts'

export const KEPT_TIME_ROUTES: readonly Row[] = [
  { route: 'POST /api/v1/holds', cells: everyRole, body: BOOKING },
  { route: 'GET /api/v1/holds', cells: everyRole, path: '/api/v1/holds?from=2026-10-14&to=2026-10-14' },
  { route: 'DELETE /api/v1/holds/:id', cells: everyRole, path: `/api/v1/holds/${NOBODY}` },
  { route: 'POST /api/v1/allotments', cells: staff },
  { route: 'POST /api/v1/allotments/hand-back', cells: staff, body: { allotmentIds: [NOBODY] } },
  { route: 'GET /api/v1/allotments/:id', cells: staff, path: `/api/v1/allotments/${NOBODY}` },
  { route: 'POST /api/v1/allotments/:id/take-back', cells: desk, path: `/api/v1/allotments/${NOBODY}/take-back` },
]
