/** What a spreadsheet would run as a formula (OWASP), full-width signs included; a quoted start stays one. */
const FORMULA = /^'*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]/;

/**
 * One line of a CSV file (RFC 4180), with its line end. Text that a spreadsheet would take for a formula gets a
 * leading apostrophe; numbers are written as they are.
 */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
