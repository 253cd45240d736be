/** check.html: shows what is wrong with an installation, on the computer of whoever reads. */
import { checkBrowser, checkFiles, checkMissingFiles, checkViewer, type Finding } from './findings';

const signs = { ok: '\u2713', note: '\u2022', wrong: '\u2717' } as const;
const get = (url: string) => fetch(url, { cache: 'no-store' });

async function main(): Promise<void> {
  const base = new URL('.', window.location.href).href;
  const checks = [
    checkFiles(base, get),
    checkMissingFiles(base, get),
    checkViewer(new URL('../../', base).href, get),
    checkBrowser(window),
  ];
  const found = await Promise.all(checks.map(one => one.catch(failed)));
  const findings = found.flat();
  document.getElementById('findings')!.append(...findings.map(item));
  const wrong = findings.filter(({ severity }) => severity === 'wrong').length;
  const summary = document.getElementById('summary')!;
  summary.textContent =
    wrong === 0 ? 'Nothing is wrong.' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`;
  summary.dataset.wrong = String(wrong);
}

function failed(error: unknown): Finding[] {
  return [{ severity: 'wrong', check: 'viewer', text: `A check could not be made: ${String(error)}` }];
}

function item({ severity, check, text }: Finding): HTMLElement {
  const line = Object.assign(document.createElement('li'), { textContent: `${signs[severity]} ${text}` });
  Object.assign(line.dataset, { severity, check });
  return line;
}

void main();
