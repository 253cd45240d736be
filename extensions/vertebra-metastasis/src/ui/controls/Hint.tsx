import { Tooltip, TooltipContent, TooltipTrigger } from '@ohif/ui-next';
import type { ReactElement, ReactNode } from 'react';

/** Explains its child on hover and keyboard focus. The child must be a single element that takes a ref. */
export function Hint({ text, children }: { text: ReactNode; children: ReactElement }) {
  return (
    <Tooltip>
      <TooltipTrigger asChild>{children}</TooltipTrigger>
      <TooltipContent side="left">
        <div className="max-w-xs whitespace-normal text-left">{text}</div>
      </TooltipContent>
    </Tooltip>
  );
}
