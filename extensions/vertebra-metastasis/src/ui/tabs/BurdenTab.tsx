import { EmptyTab } from '../EmptyTab';
import { useStrings } from '../strings';

/** Lesion volumes by level and in total. */
export function BurdenTab() {
  return <EmptyTab text={useStrings().tabEmpty.burden} />;
}
