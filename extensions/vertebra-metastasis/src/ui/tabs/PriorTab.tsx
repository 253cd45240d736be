import { EmptyTab } from '../EmptyTab';
import { useStrings } from '../strings';

/** Comparison with an earlier study. */
export function PriorTab() {
  return <EmptyTab text={useStrings().tabEmpty.prior} />;
}
