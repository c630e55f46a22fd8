import { type ParseError, printParseErrorCode } from 'jsonc-parser';

/** Where a text stops being JSON, counted from 1, and what is wrong there in plain words. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** The parser's names for what it met, as people say it. What is missing is worded by what stands before the place. */
const WORDS: Readonly<Record<string, string>> = {
  InvalidNumberFormat: 'a number is written in a way that JSON does not have',
  PropertyNameExpected: 'a key between double quotes must stand here',
  ColonExpected: 'a colon is missing after the key',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a } is missing: the text ends inside an object',
  CloseBracketExpected: 'a ] is missing: the text ends inside a list',
  EndOfFileExpected: 'something follows the end of the document',
  InvalidCommentToken: 'comments are not allowed in JSON',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'a text is not closed with " in its line',
  UnexpectedEndOfNumber: 'a number breaks off',
  InvalidUnicode: 'a \\u escape needs four hexadecimal digits',
  InvalidEscapeCharacter: 'a text holds a \\ escape that JSON does not have',
  InvalidCharacter: 'a text holds a control character, such as a tab, that must be written as an escape',
};

/** The parser's first fault in people's words. `text` is the whole document, without a byte order mark. */
export function jsonFault(text: string, { error, offset, length }: ParseError): JsonFault {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  const name = printParseErrorCode(error);
  const last = text.slice(0, offset).trimEnd().slice(-1);
  if (name === 'InvalidSymbol') return { ...place, what: symbolWords(text.slice(offset, offset + length)) };
  if (name === 'ValueExpected') return { ...place, what: missingValue(last) };
  if (name === 'PropertyNameExpected' && last === ',' && text[offset] === '}')
    return { ...place, what: 'a comma stands before }, after the last member' };
  return { ...place, what: WORDS[name] ?? 'this is not JSON' };
}

/** A fault with its place in front: `line 12, column 5: a value is missing after the colon`. */
export function placedJsonFault({ line, column, what }: JsonFault): string {
  return `line ${line}, column ${column}: ${what}`;
}

function missingValue(last: string): string {
  if (last === '') return 'the document is empty';
  if (last === ':') return 'a value is missing after the colon';
  return last === ',' ? 'a value is missing after the comma' : 'a value must stand here';
}

function symbolWords(symbol: string): string {
  if (symbol.startsWith("'")) return 'texts and keys stand between double quotes, not single ones';
  const shown = symbol.length > 40 ? `${symbol.slice(0, 40)}…` : symbol;
  return `${shown} is no JSON value: texts stand between double quotes`;
}
