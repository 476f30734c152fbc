import { PROBLEM_CODES } from '@hermes/service-kit/http';
import { head } from './page.ts';

/** `reference/problem-codes.md`: a heading for each code, so that a link can name it. */
export function problemCodesPage(): string {
  const sections = Object.entries(PROBLEM_CODES).map(([code, { status, by, cause, cure }]) =>
    [
      `## ${code}`,
      `HTTP ${status.join(' or ')}, from the ${by.join(' and the ')}.`,
      `Cause: ${cause}`,
      `Do: ${cure}`,
    ].join('\n\n'),
  );
  return `${head('Problem codes', 'the registry of problem codes in service-kit')}
You have an HTTP error from the gateway or the dashboard and want to know what to do. Errors are problem details (RFC 9457); \`code\` in them names
the problem, and \`detail\` says more. On the OpenAI routes the code is \`error.code\`. A 503 means that nothing was stored and nothing ran.
The exit codes of the commands are in [Exit codes](exit-codes.md) and in the reference of each command.

${sections.join('\n\n')}
`;
}
