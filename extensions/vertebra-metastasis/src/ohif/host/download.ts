/** The browser reads the blob some time after the click, ms. */
const KEEP_MS = 60_000;

/** Hands a file to the user as the browser's download. */
export function downloadFile(name: string, content: ArrayBuffer | string, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
