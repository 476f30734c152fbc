/** One step: commands, and what the README says they print (`…` stands for anything). */
export interface TourStep {
  readonly commands: string;
  readonly expected: string | undefined;
}

const TOUR = /^## .*tour\n([\s\S]*?)(?=^## |$(?![\s\S]))/im;
const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** The steps of the section that is called a tour: each `sh` block, with the other block behind it as its output. */
export function readTour(markdown: string): TourStep[] {
  const section = TOUR.exec(markdown)?.[1] ?? '';
  const steps: TourStep[] = [];
  for (const [, language, text = ''] of section.matchAll(BLOCK)) {
    if (language === 'sh') steps.push({ commands: text, expected: undefined });
    else steps.push({ commands: steps.pop()?.commands ?? '', expected: text });
  }
  if (steps.length === 0) throw new Error('the README has no section called a tour with sh blocks in it');
  return steps;
}

/** Whether `printed` is what the README says. A line that is only `…` stands for any number of lines, or none. */
export function isAsWritten(printed: string, expected: string): boolean {
  const pattern = expected
    .trimEnd()
    .split(/(^…\n|…)/m)
    .map((part) => WILDCARDS[part] ?? RegExp.escape(part))
    .join('');
  return new RegExp(`^\\n*${pattern}$`).test(printed.trimEnd());
}

const WILDCARDS: Readonly<Record<string, string>> = { '…': '[\\s\\S]*?', '…\n': '(?:[\\s\\S]*?\\n)?' };
