#!/bin/sh
# SPDX-License-Identifier: MIT
#
# setup.sh build|check|fuzz|lint|crackers - install the Debian packages that are missing
set -eu

build="gcc make pkg-config libc6-dev libtsk-dev libbfio-dev libewf-dev
	libvshadow-dev libarchive-dev liblzma-dev libwim-dev libdeflate-dev libglib2.0-dev
	libsqlite3-dev libxml2-dev libjansson-dev libssl-dev libseccomp-dev
	xz-utils"
check="$build perl libcmocka-dev ntfs-3g ntfs-3g-dev libgcrypt20-dev openssl
	sleuthkit hashdeep gddrescue fdisk gdisk libxml2-utils sqlite3 jq binutils
	bsdutils procps xxd dosfstools exfatprogs e2fsprogs ewf-tools qemu-utils
	python3 zip bzip2 zstd p7zip-full libarchive-tools wimtools attr
	mtools dislocker libbde-utils chromium cmark-gfm valgrind slurm-wlm munge"
# Node.js may be here without Debian's packages, which exclude others.
command -v node >/dev/null || check="$check nodejs"
command -v npm >/dev/null || check="$check npm"

case ${1-} in
build) want=$build ;;
check) want=$check ;;
fuzz) want="$check clang llvm libclang-rt-dev" ;;
lint) want="$check clang-format clang-tidy cppcheck shellcheck man-db groff" ;;
crackers) want="$check hashcat pocl-opencl-icd ocl-icd-libopencl1" ;;
*) echo "usage: $0 build|check|fuzz|lint|crackers" >&2; exit 2 ;;
esac

missing=
for p in $want; do
	dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null |
		grep -qx installed || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "Please install what these Debian packages hold:$missing" >&2
	exit 1
fi
echo "Installing:$missing"
root=
[ "$(id -u)" = 0 ] || root=sudo
export DEBIAN_FRONTEND=noninteractive
$root apt-get update -qq
# shellcheck disable=SC2086 # a list of names
$root apt-get install -y -qq --no-install-recommends $missing >/dev/null
