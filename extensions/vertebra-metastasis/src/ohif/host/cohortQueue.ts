/** Tells the archive's queue (`npm run cohort`) that somebody waits for the result of a study. */
import { z } from 'zod';
import { authorizedFetch } from '../../runtime';
import type { Configuration } from './configuration';
import type { HostServices } from './host';
import { chosenStrings } from './language';
import { openStudyUids } from './openStudies';

const TIMEOUT_MS = 10_000;
const answer = z.object({ waiting: z.number() });

/**
 * Brings the jobs of a study to the front of the queue. A queue that is away must not disturb the reader: the console says why.
 * @param cohort address of the cohort's page, e.g. `/cohort`
 * @returns how many series of the study are waiting to be analysed
 */
export async function askForStudy(cohort: string, study: string, authorization?: string): Promise<number> {
  const address = new URL(`${cohort.replace(/\/$/, '')}/studies`, location.href).href;
  try {
    const response = await authorizedFetch(address, authorization, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ study, opened: true }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return answer.parse(await response.json()).waiting;
  } catch (error) {
    console.warn(`vertebra-metastasis: ${address} was not told of the open study: ${String(error)}`);
    return 0;
  }
}

/** Asks for every study the mode was opened with, and tells the user where one is still to be analysed. */
export async function askForOpenStudies(
  { cohort }: Configuration,
  { userAuthenticationService, uiNotificationService }: HostServices
): Promise<void> {
  if (cohort === undefined) return;
  const authorization = userAuthenticationService.getAuthorizationHeader()?.Authorization;
  const waiting = await Promise.all(openStudyUids().map(study => askForStudy(cohort, study, authorization)));
  const series = waiting.reduce((sum, count) => sum + count, 0);
  const strings = chosenStrings();
  if (series > 0) {
    uiNotificationService.show({ title: strings.title, message: strings.waitsInArchive(series), type: 'info' });
  }
}
