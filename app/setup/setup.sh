# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What app/run and tests/run share: the lists of packages, their installation, configuring and building.
# Read by those two scripts (source), never run by itself.

# Debian's names. Every package here is one that the build or the running programs need.
build_packages=(
    g++ cmake ninja-build pkg-config # compiler and build tools
    qt6-base-dev                     # the window, the engine, the test framework
    qt6-svg-dev                      # pictures that can be enlarged
    libqcustomplot-dev               # charts
    libcsv-dev                       # CSV and TSV input
    libglib2.0-dev                   # splits a command template into arguments
    python3                          # runs Python tasks
    libpython3-dev                   # makes them faster
)

# What the tests need on top: a real X server with a window manager and the accessibility bus to drive the
# window by the names of its controls, and independent tools to compare results with.
test_packages=(
    xvfb openbox dbus dbus-x11 at-spi2-core python3-pyatspi xdotool imagemagick
    coreutils     # sha256sum
    python3-numpy # results of numpy
)

# Plays the exported page of a comparison back, without a screen. Ubuntu has no such packages: there that test is
# skipped.
browser_packages=(chromium chromium-driver)

minimum_qt=6.4

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 1
}

# Debian, Ubuntu or a system made from them, with its package tools at hand.
is_debian_like() {
    local ids
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null && [[ -r /etc/os-release ]] || return 1
    # shellcheck disable=SC1091
    ids=$(. /etc/os-release && printf ' %s %s ' "${ID:-}" "${ID_LIKE:-}")
    [[ $ids == *" debian "* || $ids == *" ubuntu "* ]]
}

is_debian_itself() {
    # shellcheck disable=SC1091
    [[ $(. /etc/os-release && printf '%s' "${ID:-}") == debian ]]
}

# Without apt no guess is made: names are given only where they are known.
list_what_to_install() {
    local system=this\ system
    if [[ -r /etc/os-release ]]; then
        # shellcheck disable=SC1091
        system=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-this system}")
    fi
    say "Packages are installed here on Debian and Ubuntu only; $system is neither."
    say "Install these by its own means:"
    say ""
    say "  what for                                     Fedora               Arch"
    say "  C++20 compiler (GCC 12 or newer)             gcc-c++              gcc"
    say "  CMake 3.23 or newer                          cmake                cmake"
    say "  Ninja                                        ninja-build          ninja"
    say "  pkg-config                                   pkgconf-pkg-config   pkgconf"
    say "  Qt $minimum_qt or newer with headers (qtbase)        qt6-qtbase-devel     qt6-base"
    say "  Qt SVG with headers                          qt6-qtsvg-devel      qt6-svg"
    say "  GLib 2 with headers                          glib2-devel          glib2"
    say "  Python 3.8 or newer                          python3              python"
    say "  its headers, for faster Python tasks         python3-devel        python"
    say "  QCustomPlot 2.1 built for Qt 6, with its CMake package QCustomPlotQt6"
    say "  libcsv 3 with its header csv.h"
    if [[ $1 == tests ]]; then
        say "  for the tests of the window: Xvfb, openbox, D-Bus, at-spi2-core, pyatspi, xdotool, ImageMagick"
        say "  for the test of the exported page: Chromium with chromedriver"
    fi
    say ""
    say "When all of it is there, run the command again with POOLSCOPE_SKIP_INSTALL=1 in its environment."
}

# Prints those of its arguments that are not installed.
missing_packages() {
    local package state
    for package in "$@"; do
        # One line for each architecture that the package is known for.
        state=$(dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null) || state=
        [[ $'\n'$state$'\n' == *$'\ninstalled\n'* ]] || printf '%s\n' "$package"
    done
}

# as_root COMMAND: through sudo unless root calls.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif [[ ${CI:-} == true ]]; then
        # Nobody is there to type a password: fail at once instead of waiting for one.
        sudo --non-interactive "$@"
    else
        sudo "$@"
    fi
}

# apt_get ARGUMENTS: asks nothing.
apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes -o DPkg::Lock::Timeout=300 "$@"
}

# install_packages PACKAGES: installs what is missing of them; silent and without apt when nothing is.
install_packages() {
    local missing offered
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0

    say "To install: ${missing[*]}"
    if ((EUID != 0)); then
        say "(This needs the rights of root: sudo may ask for your password.)"
        if ! command -v sudo >/dev/null || ! as_root true; then
            fail "Without them, have this run as root, then try again:" \
                "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        fi
    fi
    apt_get update --quiet >&2 || say "apt-get update failed; going on with the package lists there are."

    # An older system offers the package, but a Qt that configuring would refuse after a long download.
    offered=$(apt-cache policy qt6-base-dev | sed -n 's/^ *Candidate: *//p')
    if [[ -z $offered || $offered == '(none)' ]]; then
        fail "This system's package sources offer no qt6-base-dev. Debian 12, Ubuntu 24.04 or newer have it;" \
            "on Ubuntu the component 'universe' must be enabled (sudo add-apt-repository universe)."
    elif dpkg --compare-versions "$offered" lt "$minimum_qt"; then
        fail "This system offers Qt $offered; Poolscope needs $minimum_qt or newer (Debian 12, Ubuntu 24.04 or newer)."
    fi
    apt_get install --quiet --no-install-recommends "${missing[@]}" >&2 ||
        fail "apt-get could not install: ${missing[*]}" "(its own message is above)."
}

# prepare_system programs|tests: everything the build needs, and for "tests" what the tests need as well.
prepare_system() {
    local packages=("${build_packages[@]}")
    [[ ${POOLSCOPE_SKIP_INSTALL:-} == 1 ]] && return 0
    if ! is_debian_like; then
        list_what_to_install "$1"
        exit 1
    fi
    if [[ $1 == tests ]]; then
        packages+=("${test_packages[@]}")
        ! is_debian_itself || packages+=("${browser_packages[@]}")
    fi
    # A Wayland session without an X server needs Qt's own plugin for it.
    [[ -n ${WAYLAND_DISPLAY:-} && -z ${DISPLAY:-} ]] && packages+=(qt6-wayland)
    install_packages "${packages[@]}"
}

# build_release CMAKE-OPTIONS: configures and builds the preset "release" in build/release.
build_release() {
    local output
    # Configuring says pages that nobody needs, unless it fails.
    if ! output=$(cmake --preset release "$@" 2>&1); then
        fail "$output" $'\n'"Configuring failed; the reason is above."
    fi
    # All that a build says is progress or trouble; standard output is for the program that follows.
    cmake --build --preset release >&2 || fail "The build failed; the reason is above."
}
