import { describe, expect, test } from 'vitest';
import { blockedText } from '../../src/render/incident.ts';

const fault = {
  code: 'config_invalid',
  file: '.github/sluice.yml',
  line: 3,
  message: 'config.mode is "<!-- sluice:v1 x --> @everyone"',
  fix: 'Use the name in SLUICE_WORKSPACE_<NAME>_HOST, not an address.',
} as const;

describe('what stands in the way', () => {
  test('is told with the code, the file, the line and the fix of each fault', () => {
    expect(blockedText('Why.', [], [{ ...fault, message: 'config.mode is "x"' }], null)).toBe(
      '**Sluice stopped here.** Why.\n\n- `config_invalid` `.github/sluice.yml:3` `config.mode is "x"`\n' +
        '  Fix: `Use the name in SLUICE_WORKSPACE_<NAME>_HOST, not an address.`\n',
    );
  });

  test('quotes files as code only: no mark of ours, no mention, no markup', () => {
    const text = blockedText('Why.', [], [fault], null);

    expect(text).not.toContain('<!-- sluice:');
    expect(text.replace(/`[^`]*`/g, '')).not.toMatch(/[@<]/);
  });

  test('without a configuration the whole file is shown, and where to put it', () => {
    expect(blockedText('Why.', [], [], { what: 'config', yaml: 'mode: shadow\n' })).toMatch(
      /add this file as `\.github\/sluice\.yml` on the default branch[\s\S]*```yaml\nmode: shadow\n```/,
    );
    expect(blockedText('Why.', [], [], { what: 'target', yaml: '  - name: x\n' })).toMatch(/add to `targets`/);
  });
});
