import type { Command } from 'commander';
import { serve } from '../serve.ts';
import { SettingFault } from '../serve-settings.ts';
import { printJson, Refused } from './answer.ts';

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('run the App: webhooks, alerts')
    .option('--json', 'print the address as one JSON document')
    .addHelpText(
      'after',
      `
Settings come from the environment; docs/setup.md has them all. What is missing is named, all at once.

Example:
  APP_ID=… PRIVATE_KEY="$(cat key.pem)" WEBHOOK_SECRET=… SLUICE_APPLY_APP_ID=… SLUICE_RECORD_KEY=… sluice serve`,
    )
    .action(async (options: { json?: true }) => {
      const served = await serve(process.env).catch(refuse);
      const url = `http://127.0.0.1:${served.port}`;
      if (options.json) printJson({ url });
      else process.stderr.write(`listening on ${url}\n`);
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => served.close().then(() => process.exit(0)));
    });
}

function refuse(error: unknown): never {
  if (error instanceof SettingFault) throw new Refused(2, 'setting_missing', error.message, { fix: error.fix });
  const message = `the App did not start: ${error instanceof Error ? error.message : String(error)}`;
  throw new Refused(3, 'unreachable', message, {
    fix: 'Check APP_ID and PRIVATE_KEY against the App’s settings page, GITHUB_API_URL, and that PORT is free.',
  });
}
