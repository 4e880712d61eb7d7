"""tzdata, unpacked: a directory for `zoneinfo`, and a file for the system's C library."""

import datetime
import os
import subprocess
import zoneinfo

import tzdata


def main():
    directory = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")
    zoneinfo.reset_tzpath([directory])
    zoneinfo.ZoneInfo.clear_cache()
    tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
    there = datetime.datetime(2026, 1, 1, tzinfo=tokyo).utcoffset()
    zone = {"TZ": ":" + os.path.join(directory, "Asia", "Tokyo")}
    shown = subprocess.run(["/bin/date", "+%z"], env=zone, capture_output=True, check=True).stdout
    return there, shown, len(zoneinfo.available_timezones())
