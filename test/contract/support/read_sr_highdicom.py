"""Reads a TID 1500 report with highdicom and prints its volumetric groups as JSON: read_sr_highdicom.py file.dcm"""

import json
import sys

import highdicom

report = highdicom.sr.srread(sys.argv[1])
groups = report.content.get_volumetric_roi_measurement_groups()


def describe(group):
    measurements = group.get_measurements()
    scores = [m.value for m in measurements if m.name.value == "ATTRIBUTION"]
    return {
        "finding": group.finding_type.value,
        "trackingUid": group.tracking_uid,
        "measurements": len(measurements),
        "score": scores[0],
    }


print(json.dumps([describe(group) for group in groups]))
