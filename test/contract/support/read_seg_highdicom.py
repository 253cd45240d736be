"""Reads DICOM SEG files with highdicom and prints what it found as JSON: read_seg_highdicom.py file.dcm ..."""

import json
import sys

import highdicom
import numpy as np


def read(path):
    seg = highdicom.seg.segread(path)
    volume = seg.get_volume(combine_segments=True)
    array = np.asarray(volume.array)
    slices, rows, columns = array.shape
    # highdicom counts (slice, row, column); the tests count (column, row, slice).
    affine = volume.affine[:, [2, 1, 0, 3]]
    flat = array.reshape(-1)
    voxels = np.flatnonzero(flat)
    return {
        "dims": [columns, rows, slices],
        "indexToLps": affine.reshape(-1).tolist(),
        "voxels": [[int(n), int(flat[n])] for n in voxels],
        "segments": [describe(seg.get_segment_description(number)) for number in seg.segment_numbers],
    }


def describe(segment):
    modifiers = segment.SegmentedPropertyTypeCodeSequence[0].get("SegmentedPropertyTypeModifierCodeSequence", [])
    regions = segment.get("AnatomicRegionSequence", [])
    return {
        "number": int(segment.segment_number),
        "label": segment.segment_label,
        "algorithm": segment.SegmentAlgorithmType,
        "type": segment.segmented_property_type.value,
        "modifier": modifiers[0].CodeValue if modifiers else "",
        "region": regions[0].CodeValue if regions else "",
        "trackingUid": segment.tracking_uid,
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
