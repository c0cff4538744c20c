/** A column: its title, and the least width it may be cut to (uncut when absent). */
export interface Column {
  readonly title: string;
  readonly least?: number;
}

/** Width that every text for people keeps to; tables take more in a wider terminal. */
export const LINE_WIDTH = 80;

const GAP = "  ";

/**
 * Lays out rows under titles in at most 80 columns, or those of a wider terminal; the widest column
 * that may be cut gives way.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminal = LINE_WIDTH,
): readonly string[] {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = fitWidths(columns, lines, Math.max(terminal, LINE_WIDTH));
  return lines.map((cells) =>
    widths.map((width, i) => cut(cells[i] ?? "", width).padEnd(width)).join(GAP).trimEnd()
  );
}

/** Breaks a text at spaces into lines of at most 80 columns, each after the indent. */
export function wrap(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const next = line.trim() === "" ? indent + word : `${line} ${word}`;
    if (next.length > LINE_WIDTH && line.trim() !== "") {
      lines.push(line);
      line = indent + word;
    } else {
      line = next;
    }
  }
  return line.trim() === "" ? lines : [...lines, line];
}

function fitWidths(
  columns: readonly Column[],
  lines: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => (cells[i] ?? "").length)));
  const room = width - GAP.length * (columns.length - 1);
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    const widest = widestToCut(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function widestToCut(columns: readonly Column[], widths: readonly number[]): number | undefined {
  const candidates = columns
    .map((column, i) => ({ i, width: widths[i] ?? 0, least: column.least ?? Infinity }))
    .filter(({ width, least }) => width > least);
  return candidates.sort((a, b) => b.width - a.width)[0]?.i;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
