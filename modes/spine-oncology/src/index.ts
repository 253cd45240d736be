import { tellUnavailable } from './unavailable';

const id = '@spine-oncology/mode-spine-oncology';
const extensionId = '@spine-oncology/extension-vertebra-metastasis';
const hostModes = ['@ohif/mode-segmentation', '@ohif/mode-basic'];
const panel = `${extensionId}.panelModule.vertebraMetastasis`;

/** What the host hands to onModeEnter, as far as it is used here. */
interface ModeContext {
  servicesManager: { services: { customizationService: { setCustomizations(changes: object): void } } };
}
/** The part of OHIF's mode object this mode reads and replaces. */
interface HostMode {
  extensions: Record<string, string>;
  onModeEnter: (this: unknown, context: ModeContext) => unknown;
  routes: HostRoute[];
}
interface HostRoute {
  path: string;
  /** OHIF 3.13 keeps the layout as an object; older modes build it in `layoutTemplate`. */
  layoutInstance: { id: string; props: { rightPanels: string[] } & Record<string, unknown> };
}
interface HostModeModule {
  modeFactory(options: { modeConfiguration?: unknown; loadModules: LoadModules }): HostMode;
}
type LoadModules = (names: string[]) => Promise<HostModeModule[]>;

/** The map of the spine, beside tables and images, CSS pixels. */
const MAP_PX = 84;

/**
 * A table of vertebrae and six small images need this width, CSS pixels; the series list waits behind its arrow meanwhile.
 * @param page width of the page
 */
export function room(page: number) {
  const width = MAP_PX + Math.round(Math.min(560, Math.max(370, 0.24 * page)));
  return { rightPanelInitialExpandedWidth: width, rightPanelMinimumExpandedWidth: 340, leftPanelClosed: true };
}

/** Added to the host's own; the user can change them in the preferences. */
const hotkeys = [
  { commandName: 'spineAnalyse', label: 'Spine: analyse the selected vertebrae', keys: ['shift+a'], isEditable: true },
  { commandName: 'spineCancel', label: 'Spine: cancel the analysis', keys: ['shift+x'], isEditable: true },
  { commandName: 'spineSave', label: 'Spine: save the lesions as DICOM SEG', keys: ['shift+s'], isEditable: true },
  { commandName: 'spineNextVertebra', label: 'Spine: next vertebra', keys: ['shift+down'], isEditable: true },
  { commandName: 'spinePreviousVertebra', label: 'Spine: previous vertebra', keys: ['shift+up'], isEditable: true },
  {
    commandName: 'spineNextCandidate',
    label: 'Spine: next slice of the lesion',
    keys: ['shift+right'],
    isEditable: true,
  },
  {
    commandName: 'spinePreviousCandidate',
    label: 'Spine: previous slice of the lesion',
    keys: ['shift+left'],
    isEditable: true,
  },
  { commandName: 'spineNextUndecided', label: 'Spine: next undecided lesion', keys: ['shift+n'], isEditable: true },
  { commandName: 'spineNextUnreviewed', label: 'Spine: next unreviewed vertebra', keys: ['shift+v'], isEditable: true },
  {
    commandName: 'spineRejectDoubted',
    label: 'Spine: reject what is probably not a lesion',
    keys: ['shift+d'],
    isEditable: true,
  },
  { commandName: 'spineAccept', label: 'Spine: accept the lesion and go on', keys: ['shift+k'], isEditable: true },
  {
    commandName: 'spineReject',
    label: 'Spine: reject the lesion: choose the reason',
    keys: ['shift+r'],
    isEditable: true,
  },
  {
    commandName: 'spineRejectAgain',
    label: 'Spine: reject the lesion with the reason given last',
    keys: ['shift+j'],
    isEditable: true,
  },
  {
    commandName: 'spineChangeKind',
    label: 'Spine: change the kind of the lesion',
    keys: ['shift+t'],
    isEditable: true,
  },
  { commandName: 'spineReviewed', label: 'Spine: vertebra reviewed, or not', keys: ['shift+m'], isEditable: true },
  { commandName: 'spineOutlines', label: 'Spine: outlines of lesions', keys: ['shift+o'], isEditable: true },
  { commandName: 'spineBrush', label: 'Spine: brush', keys: ['shift+b'], isEditable: true },
  { commandName: 'spineEraser', label: 'Spine: eraser', keys: ['shift+e'], isEditable: true },
  {
    commandName: 'spineFillBetween',
    label: 'Spine: fill the slices between drawn ones',
    keys: ['shift+f'],
    isEditable: true,
  },
  { commandName: 'spinePause', label: 'Spine: pause or resume the analysis', keys: ['shift+p'], isEditable: true },
  { commandName: 'spineUndo', label: 'Spine: undo', keys: ['shift+z'], isEditable: true },
  { commandName: 'spineRedo', label: 'Spine: redo', keys: ['shift+y'], isEditable: true },
];

/** Offered for every study with CT; says why not for the others. `modalities` is backslash-separated. */
export function isValidMode({ modalities }: { modalities: string }): { valid: boolean; description: string } {
  return modalities.split(/[\\/]/).includes('CT')
    ? { valid: true, description: 'Hide-and-Seek Attribution of vertebral metastases in CT (research use only)' }
    : { valid: false, description: `Spine Oncology analyses CT; this study has ${modalities || 'no images'}.` };
}

/** What every OHIF since 3.13 has, and no older one. */
const TOO_OLD =
  'OHIF 3.13 or newer is needed: this viewer builds its layout as 3.12 and older do. Upgrade OHIF, or remove the mode from its configuration.';

/** @throws Error saying what this viewer lacks */
async function hostMode(loadModules: LoadModules): Promise<{ host: HostMode; onModeEnter: HostMode['onModeEnter'] }> {
  const [segmentation, basic] = await loadModules(hostModes);
  for (const [index, found] of [segmentation, basic].entries()) {
    if (!found?.modeFactory)
      throw new Error(`This viewer was built without ${hostModes[index]}, which the mode extends.`);
  }
  const { onModeEnter } = basic.modeFactory({ loadModules });
  const host = segmentation.modeFactory({ loadModules });
  if (!host.routes?.[0]?.layoutInstance?.props?.rightPanels) throw new Error(TOO_OLD);
  return { host, onModeEnter };
}

/** Never throws, as that would take the whole viewer down. @returns undefined where the mode cannot be; the page then says why */
async function modeFactory({ loadModules }: { loadModules: LoadModules }) {
  try {
    return spineMode(await hostMode(loadModules));
  } catch (error) {
    tellUnavailable(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

// The host's segmentation mode brings toolbars, tool groups and the SEG and RT viewports. Its own onModeEnter opens
// another right-hand panel whenever a segmentation changes, which would unmount ours: mode-basic's does not.
function spineMode({ host, onModeEnter }: { host: HostMode; onModeEnter: HostMode['onModeEnter'] }) {
  const [route] = host.routes;
  const { layoutInstance } = route;
  return {
    ...host,
    id,
    // The host's function reads the mode it belongs to: this one, with the tool groups of the segmentation mode.
    onModeEnter(this: unknown, context: ModeContext) {
      const { customizationService } = context.servicesManager.services;
      customizationService.setCustomizations({ 'ohif.hotkeyBindings': { $push: hotkeys } });
      return onModeEnter.call(this, context);
    },
    routeName: 'spine-oncology',
    displayName: 'Spine Oncology',
    hide: false,
    isValidMode,
    // A list lets the host pick the protocol's first stage that fits; a bare id would insist on the first.
    hangingProtocol: ['spineOncology'],
    extensions: { ...host.extensions, [extensionId]: '^0.1.0' },
    routes: [
      {
        ...route,
        path: 'spine-oncology',
        layoutInstance: {
          ...layoutInstance,
          props: {
            ...layoutInstance.props,
            ...room(window.innerWidth),
            rightPanels: [panel, ...layoutInstance.props.rightPanels],
          },
        },
      },
    ],
  };
}

export default { id, modeFactory, isValidMode, extensionDependencies: { [extensionId]: '^0.1.0' } };
