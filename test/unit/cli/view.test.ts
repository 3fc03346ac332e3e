import { expect, test } from 'vitest'
import type { Sample } from '../../../src/cli/sample.ts'
import { chart, line, screen } from '../../../src/cli/view.ts'

const sample = (connections: number, open: number, more: Partial<Sample> = {}): Sample => ({
  at: '2024-05-01T10:00:00.000Z',
  connections,
  connectionsCreated: connections,
  cursors: { open, pinned: 0, noTimeout: 1, timedOut: undefined },
  ...more,
})

test('a chart starts at zero and leaves a gap where nothing is known', () => {
  expect(chart([0, 1, 2, undefined, 7])).toBe('▁▂▃ █')
  expect(chart([5, 5])).toBe('██')
  expect(chart([0, 0])).toBe('▁▁')
  expect(chart([1, 2, 3], 2)).toBe('▆█')
})

test('a line an interval marks growth', () => {
  expect(line(sample(2, 0), sample(14, 9))).toBe(
    '10:00:00  connections 14 (+12)  cursors 9 (+9)  pinned 0, noTimeout 1, timed out ?',
  )
})

test('the view', () => {
  const idle = [
    { namespace: 'shop.orders', command: 'find {status}', ageMs: 90_000, idleMs: 60_000, comment: 'src/a.ts:3 f' },
  ]
  expect(screen('a:1', [sample(2, 0), sample(4, 3, { idle })])).toBe(
    [
      'cursorleak watch a:1  10:00:00',
      '',
      'connections   4 (+2)        ▅█',
      'open cursors  3 (+3)        ▁█',
      '  pinned 0, noTimeout 1, timed out ?',
      '',
      'oldest idle cursors:',
      '  90 s old, idle 60 s  shop.orders  find {status}  "src/a.ts:3 f"',
    ].join('\n'),
  )
})
