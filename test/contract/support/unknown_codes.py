"""Prints the coded concepts that pydicom's dictionary does not hold with the same meaning: unknown_codes.py codes.json

Input and output are JSON lists of [coding scheme, value, meaning].
"""

import json
import sys

from pydicom.sr._concepts_dict import concepts


def is_known(scheme, value, meaning):
    # One value has several names there; each keyword maps values to (meaning, context groups).
    return any(names[value][0] == meaning for names in concepts.get(scheme, {}).values() if value in names)


with open(sys.argv[1]) as file:
    codes = json.load(file)
print(json.dumps([code for code in codes if not is_known(*code)]))
