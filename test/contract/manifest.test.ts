import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ACCOUNT_EVENTS, EVENTS } from '../../src/doors/app.ts';
import { seedOf } from '../../src/doors/demo/seed.ts';

const manifest = (name: string) => JSON.parse(readFileSync(`.github/${name}.json`, 'utf8'));

test.each([
  ['app-manifest', 'sluice'],
  ['apply-app-manifest', 'sluice-apply'],
])('%s asks for the permissions that the rehearsal grants, and for no more', (file, slug) => {
  const app = seedOf('', '', {}, []).apps?.find((one) => one.slug === slug);

  expect(manifest(file).default_permissions).toEqual(app?.permissions);
});

test('the server App subscribes to the events that it listens to', () => {
  const names = [...EVENTS, ...ACCOUNT_EVENTS].map((event) => event.replace(/\..*/, ''));
  const heard = [...new Set([...names, 'repository_dispatch'])].sort();

  expect(manifest('app-manifest').default_events).toEqual(heard);
});

test('the apply App hears nothing', () => {
  expect(manifest('apply-app-manifest')).toMatchObject({ default_events: [], hook_attributes: { active: false } });
});

test.each(readdirSync('.github/ISSUE_TEMPLATE'))(
  'the issue form %s has a name, a description and fields with ids of their own',
  (file) => {
    const form = parse(readFileSync(`.github/ISSUE_TEMPLATE/${file}`, 'utf8'));
    const ids = form.body.flatMap((field: { readonly id?: string }) => field.id ?? []);

    expect([typeof form.name, typeof form.description]).toEqual(['string', 'string']);
    expect(new Set(ids).size).toBe(ids.length);
  },
);
