import { EmptyTab } from '../EmptyTab';
import { useStrings } from '../strings';

/** Worksheets and the text to copy. */
export function ReportTab() {
  return <EmptyTab text={useStrings().tabEmpty.report} />;
}
