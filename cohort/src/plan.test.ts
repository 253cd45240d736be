/** In which order studies are analysed, from folders of DICOM to the queue's jobs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DicomFolder, ResultFolder } from './archive/folder';
import { planArrived, planEverything, planPatient, planStudies, type PlanOptions } from './plan';
import { openDatabase } from './queue/database';
import { CohortQueue } from './queue/queue';
import type { CohortOptions } from './options';
import { jsonLog } from './seen/log';
import { startPage } from './seen/page';
import { startPostgres, type TestPostgres } from './testing/postgres';
import { ctStudy } from './testing/studies';

let folder: string;
let server: TestPostgres;
let queue: CohortQueue;
let plan: PlanOptions;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cohort-plan-'));
  server = await startPostgres();
  queue = await CohortQueue.open(await openDatabase(await server.database('plan')));
  const model = { id: 'm', version: '1', sha256: 'aa' };
  const [source, target] = [new DicomFolder(join(folder, 'in')), new ResultFolder(join(folder, 'out'))];
  plan = { queue, source, target, model, analysis: [], log: jsonLog(() => undefined) };
}, 120_000);
afterAll(async () => {
  await queue?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('patients with an appointment and the earlier studies of what has arrived come before the backlog', async () => {
  const inside = join(folder, 'in');
  const patients = ['A', 'B', 'C', 'C', 'C ', 'D*', ''];
  const studies = patients.map((PatientID, n) => ctStudy(inside, n + 1, { PatientID }).study);
  expect(await planStudies(plan)).toMatchObject({ studies: 7, queued: 7 });
  // Wildcards of QIDO-RS mean themselves; spaces at the end of a PatientID mean nothing.
  expect(await planPatient(plan, 'D*')).toEqual({ studies: 1, queued: [] });
  expect(await planPatient(plan, 'E')).toEqual({ studies: 0, queued: [] });
  for await (const study of plan.source.studiesOf('C')) if (study.study === studies[3]) await planArrived(plan, study);

  // Another patient has an appointment; the hospital's worklist says so through the page.
  const log = plan.log;
  const cohort = { ...plan, plan, log };
  const page = (await startPage({ port: 0, token: 'secret' } as CohortOptions, cohort))!;
  const tell = async (body: unknown, token = 'secret') => {
    const { origin } = new URL(page.url);
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${origin}/cohort/patients`, { method: 'POST', headers, body: JSON.stringify(body) });
    return [answer.status, await answer.text()];
  };
  expect(await tell({ patient: 'B' })).toEqual([202, '{"studies":1}']);
  expect(await tell({ patient: 'B' }, 'wrong')).toEqual([401, expect.anything()]);
  for (const patient of ['', 'a\\b', 'x'.repeat(65), 7]) expect((await tell({ patient }))[0]).toBe(400);
  await page.close();

  // A watch sees the backlog again each time; nothing of it has arrived.
  expect(await planStudies(plan, 'arrived')).toMatchObject({ queued: 0, known: 7 });
  const order: string[] = [];
  for (let lease = await queue.take('w'); lease; lease = await queue.take('w')) order.push(lease.study);
  const [a, b, c1, c2, c3, d, none] = studies;
  expect(order[0]).toBe(c2);
  expect(order.slice(1, 5).sort()).toEqual([b, c1, c3, d].sort());
  expect(order.slice(5).sort()).toEqual([a, none].sort());
});

test('a study of a patient with an appointment counts as queued, and a patient whom the archive does not know is told', async () => {
  const inside = join(folder, 'scheduled');
  ctStudy(inside, 11, { PatientID: 'S' });
  ctStudy(inside, 12, { PatientID: 'T' });
  const source = new DicomFolder(inside);
  // The run itself is limited to the other patient (--query).
  const limited = new DicomFolder(inside);
  limited.studies = () => source.studiesOf('T');
  limited.studiesOf = patient => source.studiesOf(patient);
  const planned = { studies: 1, queued: 2, known: 0, withoutStudy: 1 };
  expect(await planEverything({ ...plan, source: limited }, ['S', 'nobody'])).toMatchObject(planned);
  const again = { studies: 2, queued: 0, known: 2 };
  expect(await planEverything({ ...plan, source }, ['S'])).toMatchObject(again);
});
