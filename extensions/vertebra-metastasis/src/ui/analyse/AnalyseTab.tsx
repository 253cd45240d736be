import { RulesBar } from './RulesBar';
import { DraftNote } from './DraftNote';
import { ImagesNote } from './ImagesNote';
import { LesionTable } from './LesionTable';
import { Setup } from './Setup';
import type { TabProps } from '../state/state';
import { Strip } from './VertebraList';
import { VertebraDetail } from './VertebraDetail';

/** What is analysed, the vertebrae, and the lesions of all of them with the reasons for each. */
export function AnalyseTab({ state, actions }: TabProps) {
  return (
    <>
      <DraftNote state={state} actions={actions} />
      <ImagesNote state={state} actions={actions} />
      <Setup state={state} actions={actions} />
      <Strip state={state} actions={actions} />
      <RulesBar review={state.review.present} setRules={actions.setRules} />
      <VertebraDetail state={state} actions={actions} />
      <LesionTable state={state} actions={actions} />
    </>
  );
}
