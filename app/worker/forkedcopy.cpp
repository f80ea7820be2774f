// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/forkedcopy.h"

#include <array>
#include <cstdio>

#include <pthread.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

// pthread_atfork() passes nothing on to what it calls.
bool isCopy = false;
std::array<int, 4> channelDescriptors;

void afterForkInCopy()
{
    isCopy = true;
    // An open copy of the channel would hide the worker's death from its parent.
    for (const int descriptor : channelDescriptors)
        close(descriptor);
}

} // namespace

void watchForks(const Descriptors &descriptors, int wake, int timer)
{
    channelDescriptors = {descriptors.in, descriptors.out, wake, timer};
    pthread_atfork(nullptr, nullptr, afterForkInCopy);
}

bool isForkedCopy()
{
    return isCopy;
}

void endForkedCopy(int status)
{
    std::fflush(nullptr);
    _exit(status);
}

} // namespace Poolscope::Worker
