import { type RefObject, useLayoutEffect, useState } from 'react';

/** The host's banner "for investigational use only": fixed over the lower edge of the page until a person closes it with this button. */
const CLOSE_BUTTON = '[data-cy="confirm-and-hide-button"]';
const GAP_PX = 8;

/** How much of an element's lower edge lies under the host's banner, CSS pixels; 0 without one. */
export function useCoveredRoom(element: RefObject<HTMLElement | null>): number {
  const [covered, setCovered] = useState(0);
  useLayoutEffect(() => {
    const own = element.current;
    if (!own) return undefined;
    const measure = () => {
      const banner = document.querySelector(CLOSE_BUTTON)?.closest('.fixed');
      setCovered(banner ? coveredPx(own.getBoundingClientRect(), banner.getBoundingClientRect()) : 0);
    };
    const resized = new ResizeObserver(measure);
    resized.observe(own);
    // The host puts the banner beside one of the elements around the panel, after the panel, and takes it out again.
    const changed = new MutationObserver(measure);
    for (let around = own.parentElement; around; around = around.parentElement) {
      changed.observe(around, { childList: true });
    }
    measure();
    return () => {
      resized.disconnect();
      changed.disconnect();
    };
  }, [element]);
  return covered;
}

type Box = Pick<DOMRect, 'top' | 'bottom' | 'left' | 'right' | 'height'>;

/** A banner that is gone has no height. */
export function coveredPx(own: Box, banner: Box): number {
  const beside =
    banner.height === 0 || banner.right <= own.left || banner.left >= own.right || banner.top >= own.bottom;
  return beside ? 0 : own.bottom - banner.top + GAP_PX;
}
