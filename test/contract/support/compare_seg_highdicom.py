"""Compares the voxels of DICOM SEGs, as highdicom reads them, with labels on a block of the CT grid:

compare_seg_highdicom.py columns rows slices x y z dx dy dz file.dcm labels.raw [file.dcm labels.raw ...]

The block (labels as bytes, columns fastest) has its first voxel at x, y, z (LPS mm) and axes along the patient's; dz is
signed. Prints JSON, one item per file: voxels that differ inside the block, and labelled voxels outside of it.
"""

import json
import sys

import highdicom
import numpy as np

shape = [int(value) for value in sys.argv[1:4]]
origin, spacing = [np.array([float(value) for value in sys.argv[at : at + 3]]) for at in (4, 7)]


def compare(path, labels):
    volume = highdicom.seg.segread(path).get_volume(combine_segments=True)
    # highdicom counts (slice, row, column).
    found = np.argwhere(volume.array)
    positions = found @ volume.affine[:3, :3].T + volume.affine[:3, 3]
    index = (positions - origin) / spacing
    voxels = np.rint(index).astype(int)
    if np.abs(index - voxels).max() > 0.01:
        raise SystemExit("a voxel lies beside the grid")
    inside = ((voxels >= 0) & (voxels < shape)).all(axis=1)
    block = np.zeros(shape[::-1], np.uint8)
    column, row, slice_ = voxels[inside].T
    block[slice_, row, column] = volume.array[tuple(found[inside].T)]
    truth = np.fromfile(labels, np.uint8).reshape(shape[::-1])
    return {"differing": int((block != truth).sum()), "outside": int((~inside).sum())}


files = sys.argv[10:]
print(json.dumps([compare(*pair) for pair in zip(files[::2], files[1::2])]))
