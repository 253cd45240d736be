/** Where the authors' files are, and what is known of them. */

export interface PublishedFile {
  readonly name: string;
  readonly url: string;
  /** Known beforehand; absent: pinned at the first download. */
  readonly sha256?: string;
  /** About, for the progress line and the panel. */
  readonly megabytes: number;
}

/** The authors' repository at the commit that this product was checked against. */
const REPOSITORY = 'https://raw.githubusercontent.com/matanat/hide_and_seek/8b8c647c4d1434c94df696a405456902d741dbf2';

export const CHECKPOINT: PublishedFile = {
  name: 'last.ckpt',
  url: 'https://huggingface.co/matanatad/dae_verts/resolve/main/last.ckpt',
  megabytes: 363,
};

export const CLASSIFIER: PublishedFile = {
  name: 'classifier_lr.pkl',
  url: `${REPOSITORY}/checkpoints/classifier_lr.pkl`,
  sha256: '425ab012f4099db23a7343fd6083fe6ac19af9159c8e9f5086163955d867e570',
  megabytes: 0.01,
};

export const SCALER: PublishedFile = {
  name: 'scaler.pkl',
  url: `${REPOSITORY}/checkpoints/scaler.pkl`,
  sha256: 'b2eda6253d1504840bf7d33b8c2cf8c4022732a56b18e8cd71e8c986995f4600',
  megabytes: 0.01,
};

/** A vertebra of the authors (T10, malignant), with a mask of its body, for `--verify`. */
export const SAMPLE: readonly PublishedFile[] = ['sample_ct.nii', 'sample_seg.nii'].map(name => ({
  name,
  url: `${REPOSITORY}/data/sample/${name}`,
  megabytes: 1,
}));

export const MODEL_FILES: readonly PublishedFile[] = [CHECKPOINT, CLASSIFIER, SCALER];
