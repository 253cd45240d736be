"""Runs case scripts in one interpreter (importing the libraries once): run_cases.py <folder of scripts> <out> <name>..."""
import os
import runpy
import sys
import traceback

import pydicom

# highdicom 0.26 combines dates and times as such when it converts to multi-frame.
pydicom.config.datetime_conversion = True

scripts, out, names = sys.argv[1], sys.argv[2], sys.argv[3:]
sys.path.insert(0, scripts)
for name in names:
    sys.argv = [name, os.path.join(out, name)]
    try:
        runpy.run_path(os.path.join(scripts, name + ".py"), run_name="__main__")
    except Exception:
        traceback.print_exc()
        with open(os.path.join(out, name + ".failed"), "w") as file:
            file.write(traceback.format_exc())
