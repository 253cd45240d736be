/** Log lines as JSON. They name jobs by the start of their key, never a patient, study or series. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A DICOM UID, or what looks like one; messages of archives and readers may hold them. */
const UID = /\b\d+(?:\.\d+){4,}\b/g;

export function jsonLog(write: (line: string) => void = line => void process.stderr.write(line)): Log {
  const line =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      const clean = Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replace(UID, '[uid]') : value,
      ]);
      write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...Object.fromEntries(clean) })}\n`);
    };
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
