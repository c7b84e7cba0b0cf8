# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the checks: goes to the top of the repository and lists its files.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# files PATTERN...: tracked and new ones, one per line. In a container the folder may belong to
# another user, which git takes amiss.
files() {
  git -c safe.directory="$PWD" ls-files --cached --others --exclude-standard -- "$@" |
    sort -u | while IFS= read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
}
