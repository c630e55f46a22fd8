/** A comment's command. `hint`, `reason` and `text` are outside text: data, never instructions to code. */
export type Command =
  | { readonly name: 'investigate'; readonly hint: string | null }
  | { readonly name: 'approve'; readonly sha: string | null; readonly breakGlass: string | null }
  | { readonly name: 'unapprove' }
  | { readonly name: 'revise'; readonly text: string }
  | { readonly name: 'hold' }
  | { readonly name: 'retry' }
  | { readonly name: 'rollback' }
  | { readonly name: 'dismiss'; readonly reason: string }
  /** Minutes. */
  | { readonly name: 'snooze'; readonly minutes: number }
  | { readonly name: 'status' }
  | { readonly name: 'help' };

export type CommandName = Command['name'];

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'refused';
      readonly code: 'command_unknown' | 'command_arguments';
      readonly word: string;
      readonly help: string;
    };
