/**
 * The host measures a segmentation one second after it hears of it, in whatever images are there, and then writes the segments back as they
 * were when it began, names included. A segmentation that was renumbered meanwhile has the names of other lesions then, which look like names
 * that a person gave. The panel measures lesions itself, so the host is kept from it while the panel is there.
 */
import type { HostServices } from '../host/host';

type Customizations = HostServices['customizationService'];

const DISABLED = 'panelSegmentation.disableUpdateSegmentationStats';

/** Holds at work, and what the site had set before the first of them. */
const held = new WeakMap<Customizations, { count: number; before: unknown }>();

/** Keeps the host from measuring segmentations. @returns lets it measure again, once nobody else holds it */
export function holdStatistics(customizations: Customizations): () => void {
  const hold = held.get(customizations) ?? { count: 0, before: customizations.getCustomization(DISABLED) };
  held.set(customizations, hold);
  hold.count++;
  if (hold.count === 1) customizations.setCustomizations({ [DISABLED]: { $set: true } });
  let holding = true;
  return () => {
    if (!holding) return;
    holding = false;
    hold.count--;
    if (hold.count > 0) return;
    held.delete(customizations);
    customizations.setCustomizations({ [DISABLED]: { $set: hold.before } });
  };
}
