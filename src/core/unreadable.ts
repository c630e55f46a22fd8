import type { EditReasonCode, Fault, Reason } from '../model/reason.ts';

/** Why a file's text could not be read, as a fault of that file at its line: the line moves from the sentence to the place. */
export function unreadableFault(file: string, { code, expected, observed }: Reason<EditReasonCode>): Fault {
  const [, number = '', what = observed] = /^line (\d+)[,:] (.*)$/s.exec(observed) ?? [];
  return {
    ...{ code, file, line: number === '' ? null : Number(number) },
    message: number === '' ? `is not ${expected}: ${what}` : what,
    fix: 'Mend the syntax there; Sluice edits no file that it cannot read.',
  };
}
