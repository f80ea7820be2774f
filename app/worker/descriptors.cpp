// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/descriptors.h"

#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

/// Above what programs use by habit: task code that closes "all" descriptors up to a small number misses it.
constexpr int firstDescriptor = 200;

constexpr int brokenStatus = 70; // EX_SOFTWARE

int moveAway(int low)
{
    const int high = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, firstDescriptor);
    if (high < 0)
        endBroken("no descriptor is to be had: too many open files?");
    close(low);
    return high;
}

} // namespace

Descriptors takeDescriptors(int taskOutput)
{
    Descriptors own;
    own.in = fcntl(0, F_DUPFD_CLOEXEC, firstDescriptor);
    own.out = fcntl(1, F_DUPFD_CLOEXEC, firstDescriptor);
    if (own.in < 0 || own.out < 0)
        endBroken("standard input and output must be open: this program is started by Poolscope");

    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        endBroken("/dev/null cannot be opened");
    dup2(null, 0);
    if (fcntl(2, F_GETFD) < 0)
        dup2(null, 2);
    dup2(taskOutput < 0 ? 2 : taskOutput, 1);
    if (taskOutput > 2)
        close(taskOutput);
    own.taskOut = fcntl(1, F_DUPFD_CLOEXEC, firstDescriptor);
    own.taskErr = fcntl(2, F_DUPFD_CLOEXEC, firstDescriptor);
    if (null > 2)
        close(null);
    // A task's lines reach the parent as it prints them, not when a buffer is full.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);

    // The other end may be read by anything; a full pipe must not stop the thread that watches the parent.
    fcntl(own.out, F_SETFL, fcntl(own.out, F_GETFL) | O_NONBLOCK);
    // Two threads may look whether there is something.
    fcntl(own.in, F_SETFL, fcntl(own.in, F_GETFL) | O_NONBLOCK);
    return own;
}

int makeWakeDescriptor()
{
    return moveAway(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int makeTimerDescriptor()
{
    return moveAway(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

RecorderMemory mapRecorder(int descriptor)
{
    struct stat status
    {
    };
    RecorderMemory memory;
    if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
        memory.size = std::size_t(status.st_size);
        memory.address = mmap(nullptr, memory.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory.address == MAP_FAILED)
            memory.address = nullptr;
    }
    close(descriptor);
    return memory;
}

void endWithoutParent()
{
    if (getpgrp() == getpid())
        kill(0, SIGKILL);
    _exit(brokenStatus);
}

void endBroken(const char *what)
{
    std::fprintf(stderr, "poolscope-worker: %s\n", what);
    std::fflush(stderr);
    _exit(brokenStatus);
}

} // namespace Poolscope::Worker
