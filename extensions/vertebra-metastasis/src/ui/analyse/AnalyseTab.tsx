import { LesionSection } from './LesionSection';
import { RulesBar } from './RulesBar';
import { DraftNote } from './DraftNote';
import { ImagesNote } from './ImagesNote';
import { Setup } from './Setup';
import type { TabProps } from '../state/state';
import { Strip } from './VertebraList';
import { VertebraDetail } from './VertebraDetail';

/** What is analysed, the vertebrae, why regions were found in one of them, and the lesions of all. */
export function AnalyseTab({ state, actions }: TabProps) {
  return (
    <>
      <DraftNote state={state} actions={actions} />
      <ImagesNote state={state} actions={actions} />
      <Setup state={state} actions={actions} />
      <Strip state={state} actions={actions} />
      <RulesBar review={state.review.present} setRules={actions.setRules} />
      <VertebraDetail state={state} actions={actions} />
      <LesionSection state={state} actions={actions} />
    </>
  );
}
