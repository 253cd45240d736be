/** The parts of OHIF 3.13 that this extension touches, and nothing more; those of cornerstone are in cornerstone.ts. */
import type { decodeJson, NaturalizedInstance } from '../../dicom';
import type { CornerstoneLibraries, CornerstoneViewport } from './cornerstone';

export type {
  CornerstoneImage,
  CornerstoneLibraries,
  CornerstoneViewport,
  RenderingPreset,
  SegmentStyle,
  StreamingVolume,
  VoiRange,
} from './cornerstone';

export interface Subscription {
  unsubscribe(): void;
}
interface Observable {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: (data: unknown) => void): Subscription;
}

/** One row of the viewer's series list. */
export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly Modality: string;
  readonly SeriesDescription?: string;
  readonly SeriesNumber?: number | string;
  readonly instances?: readonly NaturalizedInstance[];
  /** Of a SEG: its only instance. Absent on the stand-in the viewer makes for a segmentation drawn in this session. */
  readonly instance?: NaturalizedInstance;
  /** Of an image series; filled in lazily by the viewer. */
  imageIds?: readonly string[];
  /** Of a SEG. */
  readonly referencedSeriesInstanceUID?: string;
  /** Of a SEG: the display set it is drawn over. */
  readonly referencedDisplaySetInstanceUID?: string;
  /** The viewer cannot show it. */
  readonly unsupported?: boolean;
}

export interface DisplaySetService extends Observable {
  getActiveDisplaySets(): DisplaySet[];
  getDisplaySetByUID(uid: string): DisplaySet | undefined;
}

export interface HostSegment {
  readonly label?: string;
  readonly segmentIndex?: number;
}
export interface HostSegmentation {
  readonly label?: string;
  readonly segments: Readonly<Record<number, HostSegment | undefined>>;
  readonly representationData: { readonly Labelmap?: { readonly imageIds?: readonly string[] } };
}
export interface NewSegment {
  readonly segmentIndex: number;
  readonly label: string;
  readonly active: boolean;
  readonly locked: boolean;
  readonly cachedStats: Readonly<Record<string, unknown>>;
  readonly algorithmType: string;
  readonly algorithmName: string;
}
type Rgba = readonly [number, number, number, number];

export interface SegmentationService extends Observable {
  createLabelmapForDisplaySet(
    displaySet: DisplaySet,
    options: { segmentationId: string; label: string; segments: Record<number, NewSegment> }
  ): Promise<string>;
  addSegmentationRepresentation(viewportId: string, options: { segmentationId: string }): Promise<void>;
  getSegmentation(segmentationId: string): HostSegmentation | undefined;
  getSegmentationRepresentations(viewportId: string, specifier: { segmentationId: string }): unknown[];
  setSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number, colour: Rgba): void;
  getSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number): ArrayLike<number> | undefined;
  addOrUpdateSegmentation(update: {
    segmentationId: string;
    label: string;
    segments: Record<number, NewSegment>;
  }): void;
  setActiveSegmentation(viewportId: string, segmentationId: string): void;
  setActiveSegment(segmentationId: string, segmentIndex: number): void;
  remove(segmentationId: string): void;
}

/** One place of the viewer's grid. */
export interface GridViewport {
  readonly displaySetInstanceUIDs: readonly string[];
  readonly displaySetOptions?: readonly object[];
  readonly viewportOptions?: object;
}
export interface ViewportGridService extends Observable {
  getState(): {
    readonly activeViewportId?: string;
    readonly viewports: ReadonlyMap<string, GridViewport>;
    readonly layout: { readonly numRows: number; readonly numCols: number };
  };
  setLayout(layout: {
    readonly numRows: number;
    readonly numCols: number;
    readonly layoutOptions: readonly object[];
    /** Row by row. */
    findOrCreateViewport(position: number): GridViewport;
  }): void;
}

export interface CornerstoneViewportService extends Observable {
  getCornerstoneViewport(viewportId: string): CornerstoneViewport | null | undefined;
}

/** Which series hang where. */
export interface HangingProtocolService {
  /** @param callback computes the attribute of a display set, for matching rules */
  addCustomAttribute(id: string, name: string, callback: (displaySet: DisplaySet) => unknown): void;
  /** Hangs the display sets anew. */
  run(
    what: { readonly displaySets: readonly DisplaySet[]; readonly activeStudy: { readonly StudyInstanceUID: string } },
    protocolId: string
  ): void;
}

export interface UiNotificationService {
  show(notification: { title: string; message: string; type: 'success' | 'error' | 'warning' | 'info' }): void;
}

export interface ToolbarService {
  /** Draws the buttons anew, for the tools as they are. */
  refreshToolbarState(where: { viewportId?: string }): void;
}

export interface UserAuthenticationService {
  getAuthorizationHeader(): Record<string, string> | undefined;
  /** Of OpenID Connect; nothing without sign-in. */
  getUser(): unknown;
}

export interface HostServices {
  readonly displaySetService: DisplaySetService;
  readonly segmentationService: SegmentationService;
  readonly viewportGridService: ViewportGridService;
  readonly cornerstoneViewportService: CornerstoneViewportService;
  readonly uiNotificationService: UiNotificationService;
  readonly userAuthenticationService: UserAuthenticationService;
  readonly toolbarService: ToolbarService;
  readonly hangingProtocolService: HangingProtocolService;
  readonly customizationService: CustomizationService;
}

/** Settings of the host and of its site, by name. */
export interface CustomizationService {
  getCustomization(id: string): unknown;
  /** For the stay in the mode. @param changes immutability-helper commands by name */
  setCustomizations(changes: Readonly<Record<string, { readonly $set: unknown }>>): void;
}

/** One row of a study list, as the host's data sources answer. */
export interface QidoStudy {
  readonly studyInstanceUid: string;
  /** DICOM date and time. */
  readonly date?: string;
  readonly time?: string;
  readonly description?: string;
  /** Separated by slashes or backslashes; empty when the archive does not say. */
  readonly modalities?: string;
  /** Patient ID. */
  readonly mrn?: string;
}
export interface QidoSeries {
  readonly seriesInstanceUid: string;
  readonly modality?: string;
  readonly description?: string;
}

/** The WADO-RS side of dicomweb-client. */
export interface WadoClient {
  headers?: Record<string, string>;
  retrieveSeriesMetadata(options: {
    studyInstanceUID: string;
    seriesInstanceUID: string;
  }): Promise<Parameters<typeof decodeJson>[0][]>;
  retrieveInstance(options: {
    studyInstanceUID: string;
    seriesInstanceUID: string;
    sopInstanceUID: string;
    /** Called while the answer comes in. */
    progressCallback?: () => void;
  }): Promise<unknown>;
}

export interface DataSource {
  readonly store?: {
    /** The host sends the file with `request`, where given. */
    dicom?(file: ArrayBuffer, request?: XMLHttpRequest): Promise<void> | void;
  };
  readonly query?: {
    readonly studies?: { search(query: { patientId: string; disableWildcard: boolean }): Promise<QidoStudy[]> };
    readonly series?: { search(studyInstanceUid: string): Promise<QidoSeries[]> };
  };
  readonly retrieve: {
    getWadoDicomWebClient?(): WadoClient;
  };
  getConfig?(): { readonly wadoRoot?: string };
  getImageIdsForInstance(query: { instance: object }): string;
  getImageIdsForDisplaySet(displaySet: DisplaySet): string[];
}

export interface ExtensionManager {
  getActiveDataSource(): DataSource[];
  getModuleEntry(id: string): { exports: { getCornerstoneLibraries(): CornerstoneLibraries } };
}

/** What OHIF hands to an extension's hooks and modules. */
export interface HostContext {
  readonly servicesManager: { readonly services: HostServices };
  readonly extensionManager: ExtensionManager;
  readonly commandsManager: { runCommand(name: string, options?: object): unknown };
}

export function cornerstoneLibraries({ extensionManager }: HostContext): CornerstoneLibraries {
  return extensionManager
    .getModuleEntry('@ohif/extension-cornerstone.utilityModule.common')
    .exports.getCornerstoneLibraries();
}
