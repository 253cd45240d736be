import { EmptyTab } from '../EmptyTab';
import { useStrings } from '../strings';

/** Files for archives, planning systems and tables. */
export function ExportTab() {
  return <EmptyTab text={useStrings().tabEmpty.export} />;
}
