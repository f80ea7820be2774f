// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Where the parts of Poolscope lie that a program needs at run time. The build tree and an installation have
/// the same shape. The prefix is what the environment variable POOLSCOPE_HOME says, else the one that the
/// program lies in, else the one that the library lies in, else the one that was configured.
namespace Poolscope::Installation {

QString prefix();
QString workerProgram();    ///< PREFIX/bin/poolscope-worker
QString taskPluginFolder(); ///< PREFIX/lib/poolscope/tasks
QString pythonFolder();     ///< PREFIX/share/poolscope/python
QString pythonWorker();     ///< the worker that runs Python functions
QString pythonRecording();  ///< runs Python functions without a pool, or on that of multiprocessing
QString pythonModule();     ///< PREFIX/lib/poolscope/python/…: what that can do faster; may be missing
QString pythonInspector();  ///< lists the functions of a Python file without importing it
QString samplesFolder();    ///< PREFIX/share/poolscope/samples

} // namespace Poolscope::Installation
