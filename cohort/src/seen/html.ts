/** HTML pieces for the page and the report. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (value: unknown): string => String(value ?? '').replace(/[&<>"']/g, sign => ESCAPES[sign]);

export function htmlPage(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>${head}<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #d9dee3;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}.note{color:#57606a}button{font:inherit;min-height:24px}svg{max-width:100%}
</style></head><body><h1>${escapeHtml(title)}</h1><p class="note">Research use only; not a medical device. Computed unattended, not reviewed.</p>${body}</body></html>\n`;
}

/** Cells are escaped; numbers are right-aligned. */
export function htmlTable(heads: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map(
    row =>
      `<tr>${row.map(cell => `<td${typeof cell === 'number' ? ' class="n"' : ''}>${escapeHtml(cell)}</td>`).join('')}</tr>`
  );
  return `<table><thead><tr>${heads.map(head => `<th>${escapeHtml(head)}</th>`).join('')}</tr></thead><tbody>${cells.join('')}</tbody></table>`;
}

/** Horizontal bars with their values. */
export function barChart(
  title: string,
  bars: readonly { readonly label: string; readonly value: number }[],
  unit: string
): string {
  const most = Math.max(...bars.map(({ value }) => value), 1e-9);
  const [rowHeight, left, width] = [22, 90, 520];
  const rows = bars.map(({ label, value }, n) => {
    const y = n * rowHeight;
    const length = (value / most) * width;
    return (
      `<text x="${left - 6}" y="${y + 15}" text-anchor="end">${escapeHtml(label)}</text>` +
      `<rect x="${left}" y="${y + 3}" width="${length.toFixed(1)}" height="16" fill="#3d6fb4"/>` +
      `<text x="${left + length + 6}" y="${y + 15}">${escapeHtml(Number(value.toPrecision(3)))}</text>`
    );
  });
  const height = bars.length * rowHeight + 6;
  return `<h2>${escapeHtml(title)} (${escapeHtml(unit)})</h2><svg role="img" aria-label="${escapeHtml(title)}" width="${left + width + 80}" height="${height}" font-size="13" font-family="system-ui,sans-serif">${rows.join('')}</svg>`;
}
