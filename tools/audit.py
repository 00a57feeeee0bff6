"""Known advisories against what `make run` installs: ends with 1 where there is one.

The advisories are asked of the package index, or of the OSV service at `--osv-url`. Where it does not
have them (a mirror, no network), this says how many packages nobody could look at, and ends with 0.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

LOCKED = Path(__file__).parent.parent / "requirements" / "run.txt"
PATIENCE_S = 5


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requirement", default=str(LOCKED))
    asked.add_argument("--osv-url")
    given = asked.parse_args()
    command = [sys.executable, "-m", "pip_audit", "--requirement", given.requirement]
    command += ["--no-deps", "--disable-pip", "--timeout", str(PATIENCE_S)]
    command += ["--format", "json", "--progress-spinner", "off"]
    if given.osv_url:
        command += ["--vulnerability-service", "osv", "--osv-url", given.osv_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"Advisories could not be asked for: {done.stderr.strip().splitlines()[-1:]}")
        return 0
    found = [
        f"{one['name']} {one['version']}: {advisory['id']}, mended in {', '.join(advisory['fix_versions'])}"
        for one in packages
        for advisory in one.get("vulns", ())
    ]
    unknown = sum("skip_reason" in one for one in packages)
    print("\n".join(found) or f"No known advisory against {len(packages) - unknown} locked packages.")
    if unknown:
        print(f"{unknown} of {len(packages)} could not be looked at: the index gives no advisories here.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
