"""Compares the voxels of a DICOM SEG, as highdicom reads them, with labels on a block of the CT grid:

compare_seg_highdicom.py file.dcm labels.raw columns rows slices x y z dx dy dz

The block (labels as bytes, columns fastest) has its first voxel at x, y, z (LPS mm) and axes along the patient's; dz is
signed. Prints JSON: voxels that differ inside the block, and labelled voxels outside of it.
"""

import json
import sys

import highdicom
import numpy as np

path, labels = sys.argv[1:3]
shape = [int(value) for value in sys.argv[3:6]]
origin, spacing = [np.array([float(value) for value in sys.argv[at : at + 3]]) for at in (6, 9)]

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
print(json.dumps({"differing": int((block != truth).sum()), "outside": int((~inside).sum())}))
