#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exits with 0 when a window can be opened here, else says why not and exits with 1.

A variable that is set proves nothing: it survives `su` and broken ssh sessions. So this connects as a
program with a window does, with the libraries that Qt itself uses.
"""

import ctypes
import os
import sys


def x_server_answers():
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    return xcb.xcb_connection_has_error(xcb.xcb_connect(None, None)) == 0


def wayland_answers():
    wayland = ctypes.CDLL("libwayland-client.so.0")
    wayland.wl_display_connect.restype = ctypes.c_void_p
    return wayland.wl_display_connect(None) is not None


def main():
    # Somebody who chose a platform (offscreen, vnc) needs no display server.
    if os.environ.get("QT_QPA_PLATFORM"):
        return 0
    tried = []
    for variable, answers in (("WAYLAND_DISPLAY", wayland_answers), ("DISPLAY", x_server_answers)):
        if not os.environ.get(variable):
            continue
        try:
            if answers():
                return 0
        except OSError:
            pass  # The library is missing, so Qt could not connect either.
        tried.append(f"{variable}={os.environ[variable]}")
    if tried:
        print("no display server answers at " + " or ".join(tried))
    else:
        print("neither DISPLAY nor WAYLAND_DISPLAY is set")
    return 1


sys.exit(main())
