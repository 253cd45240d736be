/** The outside world of a session: networks, archive, viewer. */
import type { CancelSignal, ProviderReason, SliceEngine, Volume } from '../../core';
import type { CtSeries, NaturalizedInstance, SERIES_TITLES } from '../../dicom';
import type { AvailableModel, BodyClient, LoadedModel, LoadProgress } from '../../runtime';
import type { Problem } from '../../ui';
import type { PriorArchive } from '../archive/priorArchive';
import type { DisplaySet } from '../host/host';
import type { LesionView, SegmentationView } from '../segmentation/segmentationView';
import type { BodyMap } from '../segmentation/sessionBodies';
import type { ClickPort } from '../viewport/clickTool';
import type { ImagesPort } from '../viewport/ctImages';
import type { LevelPort } from '../viewport/levelLayer';
import type { NavigationPort } from '../viewport/navigation';
import type { OutlinePort } from '../viewport/outlineLayer';
import type { PaintPort } from '../viewport/paintTool';
import type { PriorPair } from '../viewport/priorViewer';
import type { Draft } from './drafts/state';

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
  list(): Promise<{
    readonly models: readonly ModelEntry[];
    readonly default: string;
    /** Not there yet. */
    readonly available?: readonly AvailableModel[];
  }>;
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
  /** What one evaluation takes now, ms per image. */
  timeEvaluation(): Promise<number>;
  /** Holds the evaluations back (true) or lets them go on (false). */
  setPaused(paused: boolean): void;
  release(): Promise<void>;
}

/** The open study and its archive. */
export interface StudyPort {
  displaySets(): readonly DisplaySet[];
  /** @returns a function that stops listening */
  onChange(listener: () => void): () => void;
  /** Study Instance UIDs in the order in which they were opened; [] when nobody says. */
  studyUids(): readonly string[];
  /** The list of series has not come yet, or names a CT whose images have not. */
  awaitsCt(): boolean;
  /** Series that came, but which the viewer made nothing of, in words. */
  unlisted(): readonly string[];
  readCt(
    displaySet: DisplaySet,
    series: CtSeries,
    options: { onProgress(done: number, total: number): void; cancel: CancelSignal }
  ): Promise<Volume>;
  /** Who is signed in, as a DICOM person name. */
  userName(): string | undefined;
  /** The SEG with its pixels. */
  readSeg(reference: NaturalizedInstance): Promise<NaturalizedInstance>;
  /** Results of ours that the archive has of the open study, this page's and others'. */
  savedResults(): Promise<readonly { readonly seriesInstanceUid: string; readonly description: string }[]>;
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

/** Drafts of unsaved work, kept in the browser. */
export interface DraftPort {
  /** @param key of a draft */
  read(key: string): Promise<Draft | undefined>;
  write(draft: Draft): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface Ports {
  readonly drafts: DraftPort;
  readonly model: ModelPort;
  readonly study: StudyPort;
  /** The CT in the viewports. */
  readonly images: ImagesPort;
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
  /** Where the viewports look. */
  readonly navigation: NavigationPort;
  /** Names of the vertebrae over the images. */
  readonly levels: LevelPort;
  /** Hands a file to the user. */
  readonly download: (name: string, content: ArrayBuffer | string, mediaType: string) => void;
  /** Tells the user what the panel would show, were it in sight. */
  readonly notify: (notification: Notification) => void;
}
