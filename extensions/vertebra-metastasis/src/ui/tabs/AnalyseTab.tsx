import { FindVertebrae } from '../FindVertebrae';
import { LesionSection } from '../LesionSection';
import { Setup } from '../Setup';
import type { TabProps } from '../state';
import { VertebraList } from '../VertebraList';

/** What is analysed, the vertebrae, and the lesions found in them. */
export function AnalyseTab({ state, actions }: TabProps) {
  return (
    <>
      <Setup state={state} actions={actions} />
      <FindVertebrae state={state} actions={actions} />
      <VertebraList state={state} actions={actions} />
      <LesionSection state={state} actions={actions} />
    </>
  );
}
