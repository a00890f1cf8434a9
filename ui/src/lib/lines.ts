/** What was typed with one thing on each line, without the empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is wrong with any line of a list, or with the list itself, by the names that a request gives them. */
export function lineProblem(problem: (field: string) => string | null, field: string, lines: string[]): string | null {
  const ofLines = lines.map((line, i) => ({ line, is: problem(`${field}.${i}`) }));
  const wrong = ofLines.find(({ is }) => is !== null);
  return problem(field) ?? (wrong ? `“${wrong.line.slice(0, 40)}”: ${wrong.is ?? ''}` : null);
}
