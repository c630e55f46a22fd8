import type { Command } from 'commander';
import { SettingFault, serve } from '../serve.ts';
import { printJson, Refused } from './answer.ts';

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('run the App: webhooks, alerts')
    .option('--json', 'print the address as one JSON document')
    .action(async (options: { json?: true }) => {
      const served = await serve(process.env).catch((error: unknown) => {
        throw error instanceof SettingFault ? new Refused(2, 'setting_missing', error.message) : error;
      });
      const url = `http://127.0.0.1:${served.port}`;
      if (options.json) printJson({ url });
      else process.stderr.write(`listening on ${url}\n`);
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => served.close().then(() => process.exit(0)));
    });
}
