/** What the parts of the controller share: the store the panel reads, the outside world, and data too big for the store. */
import type {
  CancelSignal,
  Coverage,
  History,
  LabelExtent,
  LesionName,
  Labelmap,
  Projection,
  ReviewState,
  VertebraFindings,
  LevelAlignment,
  ProviderReason,
  SliceEngine,
  Volume,
} from '../../core';
import type { CtSeries, NaturalizedInstance, SERIES_TITLES } from '../../dicom';
import type { LoadedModel, LoadProgress } from '../../runtime';
import type { PanelState, Problem, VertebraEntry } from '../../ui';
import type { DisplaySet } from '../host/host';
import type { LesionMap } from '../segmentation/lesionMap';
import type { Identities } from '../segmentation/reviewMap';
import type { PriorArchive } from '../archive/priorArchive';
import type { PriorPair } from '../viewport/priorViewer';
import type { BodyClient } from '../../runtime';
import type { ClickPort } from '../viewport/clickTool';
import type { BodyMap } from '../segmentation/sessionBodies';
import type { OutlinePort } from '../viewport/outlineLayer';
import type { PaintPort } from '../viewport/paintTool';
import type { LesionView, SegmentationView } from '../segmentation/segmentationAdapter';
import type { Store } from './store';
import type { PriorSession } from './prior';
import type { AlignmentCache } from './priorCompare';
import type { Provenance } from './provenance';
import type { RunClock } from './runClock';

/** Heading of notifications. */
export const TITLE = 'Spine Oncology';

export type Notification =
  | { readonly title: string; readonly type: 'success'; readonly message: string }
  | { readonly title: string; readonly type: 'error'; readonly problem: Problem };

/** Kinds of series we write. */
export type SeriesKind = keyof typeof SERIES_TITLES;

export interface ModelEntry {
  readonly id: string;
  readonly label: string;
  readonly manifestUrl: string;
}

/** The networks, wherever they run. */
export interface ModelPort extends SliceEngine {
  /** The models on offer and the one to start with. */
  list(): Promise<{ readonly models: readonly ModelEntry[]; readonly default: string }>;
  load(
    manifestUrl: string,
    listeners: {
      onProgress(progress: LoadProgress): void;
      /** The worker died; the model must be opened again. */
      onLost(error: Error): void;
      /** The model goes on in another way than was said when it was opened. */
      onReason(reason: ProviderReason): void;
    }
  ): Promise<LoadedModel>;
  /** Holds the evaluations back (true) or lets them go on (false). */
  setPaused(paused: boolean): void;
  release(): Promise<void>;
}

/** The open study and its archive. */
export interface StudyPort {
  displaySets(): readonly DisplaySet[];
  /** @returns a function that stops listening */
  onChange(listener: () => void): () => void;
  readCt(
    displaySet: DisplaySet,
    series: CtSeries,
    options: { onProgress(done: number, total: number): void; cancel: CancelSignal }
  ): Promise<Volume>;
  /** Who is signed in, as a DICOM person name. */
  userName(): string | undefined;
  /** The SEG with its pixels. */
  readSeg(reference: NaturalizedInstance): Promise<NaturalizedInstance>;
  /** Any object of ours; rejects unless the archive gives it back unchanged. */
  store(dataset: NaturalizedInstance): Promise<void>;
}

/** The earlier study: its archive, and viewports beside those of the open one. */
export interface PriorPort {
  readonly archive: PriorArchive;
  show(pair: PriorPair): Promise<void>;
  hide(): void;
  /** @param lps of the prior scan, mm */
  goTo(lps: readonly [number, number, number]): void;
}

export interface Ports {
  readonly model: ModelPort;
  readonly study: StudyPort;
  readonly view: LesionView;
  readonly prior: PriorPort;
  /** The bodies of this session in the viewer. */
  readonly bodyView: SegmentationView<BodyMap>;
  /** Segments bodies, in a worker. */
  readonly bodies: BodyClient;
  /** Clicks and keys while the tool for vertebrae is on. */
  readonly clicks: ClickPort;
  readonly paint: PaintPort;
  /** Candidates over the images. */
  readonly outlines: OutlinePort;
  readonly goTo: (lps: readonly [number, number, number]) => void;
  /** Hands a file to the user. */
  readonly download: (name: string, content: ArrayBuffer | string, mediaType: string) => void;
  /** Tells the user what the panel would show, were it in sight. */
  readonly notify: (notification: Notification) => void;
}

/** What found.ts keeps of the bodies of this session. */
export interface FoundSession {
  map: BodyMap;
  /** Largest index given so far. */
  lastIndex: number;
  /** Where each body lies. */
  extents: Map<number, LabelExtent>;
  /** Steps back, the last one last. */
  undo: (() => void)[];
  /** Rows as they were when another source was chosen. */
  entries?: readonly VertebraEntry[];
}

/** Mutable, not shown: voxels, datasets, the running job. */
export interface Session {
  ct?: { readonly displaySet: DisplaySet; readonly series: CtSeries; volume?: Volume };
  /** Vertebral bodies on the CT grid. */
  bodies?: Labelmap;
  /** Bodies segmented in this session; kept while another source is chosen. */
  found?: FoundSession;
  /** The click or search at work. */
  foundJob?: AbortController;
  /** Vertebrae whose masks changed since the run at work began. */
  editedInRun?: Set<number>;
  /** Of `bodies`. */
  extents?: ReadonlyMap<number, LabelExtent>;
  /** What a person decided, with its history. */
  review: History<ReviewState>;
  identities: Identities;
  projections: WeakMap<VertebraFindings, Projection>;
  /** A stored result that is not yet part of the review: the vertebrae are not known. */
  storedReview?: { readonly map: LesionMap; readonly review?: ReviewState };
  /** Rules a slider shows that are no step yet. */
  sliding?: { readonly rules: ReviewState['rules']; readonly timer: ReturnType<typeof setTimeout> };
  /** As they are now, edits included. */
  lesions?: LesionMap;
  /** As they were handed to the viewer; its segment indices are these. */
  shownLesions?: LesionMap;
  /** What the brush paints; without, it is off or the eraser is on. */
  paintTarget?: LesionName;
  /** The viewer's voxels when last looked at. */
  takenLabels?: Labelmap['labels'];
  /** The stroke taken last: during which press of the pointer, and the state it led to. */
  stroke?: { readonly press: number; readonly state: ReviewState };
  provenance?: Provenance;
  /** Which bodies the stored result was about. */
  storedCoverage?: readonly Coverage[];
  /** Grows when the burden is to be measured again although nothing changed: after a failure. */
  burdenAttempt: number;
  /** The earlier study found and opened for comparison. */
  prior?: PriorSession;
  /** Of the last comparison. */
  alignments?: readonly LevelAlignment[];
  alignmentCache?: AlignmentCache;
  /** Names of segments drawn by hand that cannot be understood. */
  unnamedSegments: readonly string[];
  model?: LoadedModel;
  modelEntries: readonly ModelEntry[];
  run?: AbortController;
  /** Of the run at work. */
  clock?: RunClock;
  /** The segmentation the archive has, and of which lesions. */
  saved?: { readonly lesions: LesionMap; readonly seg: NaturalizedInstance };
  /** The bodies the archive has as a segmentation of their own: their voxels, and names and origins as JSON. */
  savedBodies?: { readonly labelmap: Labelmap; readonly vertebrae: string };
  /** Objects whose storing failed: the next try sends the very same, as the archive may have it already. */
  readonly unsent: Map<
    SeriesKind,
    { readonly key: string; readonly voxels: readonly unknown[]; readonly object: NaturalizedInstance }
  >;
  /** Number of the last version stored or read back in this session, by kind. */
  readonly versions: Map<SeriesKind, number>;
  /** True once the user chose CT or SEG: later series no longer change the choice. */
  ctChosen: boolean;
  segChosen: boolean;
  /** The stored result already read, or tried, by SOP Instance UID. */
  storedTried?: string;
  disposed: boolean;
}

export interface Context {
  readonly store: Store<PanelState>;
  readonly ports: Ports;
  readonly session: Session;
}

/** Replaces fields of one part of the state. */
export function patch<K extends 'ct' | 'model' | 'vertebrae' | 'find'>(
  { store }: Context,
  part: K,
  change: Partial<PanelState[K]>
): void {
  store.update(state => ({ ...state, [part]: { ...state[part], ...change } }));
}

/** Lets the browser paint between two pieces of long work. */
export function nextFrame(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
