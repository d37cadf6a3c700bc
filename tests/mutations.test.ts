import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defects } from './mutations/defects.ts';
import { breakBy } from './mutations/working-copy.ts';

const root = resolve(import.meta.dirname, '..');

// `npm run mutations` takes its time, so here only that its list still fits the code.
describe.each(defects)('the defect "$name"', (defect) => {
  it('can still be put into the code', () => {
    const source = readFileSync(resolve(root, defect.file), 'utf8');
    expect(breakBy(defect, source)).not.toBe(source);
  });

  it('is looked for by something that exists', () => {
    expect(defect.noticedBy.length).toBeGreaterThan(0);
    for (const check of defect.noticedBy)
      expect(check === 'drill' || existsSync(resolve(root, check))).toBe(true);
  });
});
